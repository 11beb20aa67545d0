"""How often callers may ask, and what a flood costs."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from chassis.identity import Caller
from gateway.budgets import DATA, Budgets
from gateway.config import GatewayConfig
from gateway.counts import MOST, Counts
from gateway.problems import Problem
from gateway.routes import OPERATIONS
from tests.gateway.fakes import Answers
from tests.gateway.running import free_port, running
from tests.gateway.signing import Signing

ADA = Caller("s-ada", frozenset({"adviser"}))
APP = Caller("app", frozenset({"client_channel"}), system="app")

TIGHT = """
[staff]
read = "3/minute"
change = "1/minute"
batch = "1/minute"
[systems]
read = "5/minute"
change = "2/minute"
batch = "2/minute"
[operations]
drop_lead = "2/minute"
[addresses]
refused_tokens = "4/minute"
"""


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def budgets(clock: Clock) -> Budgets:
    return Budgets(tomllib.loads(TIGHT), clock)


@pytest.fixture
def tight(config: GatewayConfig, tmp_path: Path) -> Iterator[httpx.Client]:
    data = tmp_path / "limits.toml"
    data.write_text(TIGHT)
    changed = replace(config, budgets=str(data), address=f"127.0.0.1:{free_port()}")
    with running(changed) as url, httpx.Client(base_url=url, trust_env=False) as http:
        yield http


def spent(budgets: Budgets, who: Caller = ADA, operation: str = "get_lead") -> int:
    """How many reads in a row go through."""
    times = 0
    while times < 100:
        try:
            budgets.spend(who, operation, "read")
        except Problem:
            break
        times += 1
    return times


def test_each_caller_has_a_budget_per_operation(budgets: Budgets) -> None:
    assert spent(budgets) == 3
    assert spent(budgets, Caller("s-bo")) == 3
    assert spent(budgets, operation="list_leads") == 3
    assert spent(budgets, APP) == 5
    assert spent(budgets, operation="drop_lead") == 2


def test_a_used_budget_is_whole_again_in_the_next_window(budgets: Budgets, clock: Clock) -> None:
    assert spent(budgets) == 3
    clock.now += 61

    assert spent(budgets) == 3


def test_what_is_left_is_told(budgets: Budgets) -> None:
    first = budgets.spend(ADA, "get_lead", "read")
    budgets.spend(ADA, "get_lead", "read", times=2)
    with pytest.raises(Problem) as caught:
        budgets.spend(ADA, "get_lead", "read")

    assert first == {"RateLimit-Policy": '"read";q=3;w=60', "RateLimit": '"read";r=2;t=60'}
    assert (caught.value.status, caught.value.code) == (429, "too_many_requests")
    assert caught.value.headers["Retry-After"] == "60"
    assert caught.value.headers["RateLimit"] == '"read";r=0;t=60'


def test_counts_never_grow_without_bound(clock: Clock) -> None:
    counts = Counts(clock)

    for number in range(MOST + 10):
        counts.incr(str(number), 60)

    assert counts.reset() <= MOST


def test_counts_of_the_past_are_forgotten(clock: Clock) -> None:
    counts = Counts(clock)
    counts.incr("old", 60)
    clock.now += 61

    counts.incr("new", 60)

    assert counts.get("old") == 0
    assert counts.reset() == 1


def test_the_budgets_we_ship_name_real_operations() -> None:
    data = tomllib.loads(DATA.read_text())

    assert set(data["operations"]) <= {operation.name for operation in OPERATIONS}
    assert Budgets(data).spend(ADA, "get_lead", "read")


def test_whoever_asks_too_often_is_told_when_to_go_on(
    tight: httpx.Client, signing: Signing, answers: Answers
) -> None:
    headers = {"Authorization": f"Bearer {signing.staff('adviser')}", "Accept-Language": "en"}

    said = [tight.get("/v1/customers", headers=headers) for _ in range(5)]
    other = tight.get("/v1/leads", headers=headers)

    assert [one.status_code for one in said] == [200, 200, 200, 429, 429]
    assert said[0].headers["ratelimit-policy"] == '"read";q=3;w=60'
    assert said[3].json()["code"] == "too_many_requests"
    assert 1 <= int(said[3].headers["retry-after"]) <= 60
    assert other.status_code == 200
    assert len(answers.calls) == 4


def test_a_flood_of_bad_tokens_is_not_even_looked_at(
    tight: httpx.Client, signing: Signing, answers: Answers
) -> None:
    known = {"Authorization": f"Bearer {signing.staff('adviser')}"}
    assert tight.get("/v1/me", headers=known).status_code == 200

    flood = [
        tight.get("/v1/me", headers={"Authorization": f"Bearer {number}.b.c"})
        for number in range(20)
    ]

    assert [one.status_code for one in flood] == [401] * 4 + [429] * 16
    assert tight.get("/v1/me", headers=known).status_code == 200


def test_an_address_that_nobody_vouches_for_changes_nothing(tight: httpx.Client) -> None:
    def ask(number: int) -> int:
        said = {"Authorization": "Bearer a.b.c", "X-Forwarded-For": f"10.0.0.{number}"}
        return tight.get("/v1/me", headers=said).status_code

    assert [ask(number) for number in range(6)] == [401] * 4 + [429] * 2
