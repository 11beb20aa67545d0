"""How often each caller may ask for what, after limits.toml."""

import math
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from limits import RateLimitItem, parse
from limits.strategies import FixedWindowRateLimiter

from chassis.identity import Caller
from gateway.counts import Counts
from gateway.problems import Problem
from gateway.sentences import Sentence

DATA = Path(__file__).with_name("limits.toml")


@dataclass(frozen=True)
class Budget:
    name: str
    item: RateLimitItem

    @property
    def policy(self) -> str:
        """As draft-ietf-httpapi-ratelimit-headers writes it."""
        return f'"{self.name}";q={self.item.amount};w={self.item.get_expiry()}'


class Budgets:
    """Spends them; raises 429 when one is used up."""

    def __init__(
        self, data: Mapping[str, Mapping[str, str]], now: Callable[[], float] = time.time
    ) -> None:
        self._data = data
        self._now = now
        self._limiter = FixedWindowRateLimiter(Counts(now))
        self._budget = lru_cache(maxsize=1024)(self._found)
        self._refused = Budget("refused_tokens", parse(data["addresses"]["refused_tokens"]))

    def spend(self, caller: Caller, operation: str, kind: str, *, times: int = 1) -> dict[str, str]:
        """The headers that tell what is left."""
        budget = self._budget(operation, bool(caller.system), kind)
        who = caller.system or caller.staff_id
        within = self._limiter.hit(budget.item, who, operation, cost=times)
        reset, left = self._limiter.get_window_stats(budget.item, who, operation)
        seconds = max(1, math.ceil(reset - self._now()))
        headers = {
            "RateLimit-Policy": budget.policy,
            "RateLimit": f'"{budget.name}";r={max(0, left)};t={seconds}',
        }
        if not within:
            raise too_many(seconds, headers)
        return headers

    def check_address(self, address: str) -> None:
        """Before a token is looked at that nobody knows yet."""
        if not self._limiter.test(self._refused.item, address):
            reset, _ = self._limiter.get_window_stats(self._refused.item, address)
            raise too_many(max(1, math.ceil(reset - self._now())), {})

    def note_refused(self, address: str) -> None:
        self._limiter.hit(self._refused.item, address)

    def _found(self, operation: str, system: bool, kind: str) -> Budget:
        own = self._data.get("operations", {}).get(operation)
        if own:
            return Budget(operation, parse(own))
        return Budget(kind, parse(self._data["systems" if system else "staff"][kind]))


def load(path: str = "") -> Budgets:
    """From a file of the institution's own, or ours."""
    text = (Path(path) if path else DATA).read_text(encoding="utf-8")
    return Budgets(tomllib.loads(text))


def too_many(seconds: int, headers: Mapping[str, str]) -> Problem:
    detail = Sentence(
        f"You have asked too often; go on in {seconds} seconds",
        f"请求过于频繁，请在 {seconds} 秒后重试",
    )
    told = {**headers, "Retry-After": str(seconds)}
    return Problem(429, "too_many_requests", detail, headers=told)
