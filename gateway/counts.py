"""Where `limits` counts: in this process, without threads, and never more than a bounded lot."""

import time
from collections.abc import Callable

from limits.storage import Storage

MOST = 100_000  # counts
SWEPT_EVERY = 10.0  # seconds


class Counts(Storage):
    """The library's own storage in memory starts a thread for almost every hit."""

    STORAGE_SCHEME = None

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._now = now
        self._counts: dict[str, tuple[int, float]] = {}
        self._swept_at = now()

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = self._now()
        if now - self._swept_at > SWEPT_EVERY or len(self._counts) >= MOST:
            self._sweep(now)
        count, until = self._counts.get(key, (0, 0.0))
        if until <= now:
            count, until = 0, now + expiry
        self._counts[key] = (count + amount, until)
        return count + amount

    def get(self, key: str) -> int:
        count, until = self._counts.get(key, (0, 0.0))
        return count if until > self._now() else 0

    def get_expiry(self, key: str) -> float:
        return self._counts.get(key, (0, self._now()))[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        forgotten = len(self._counts)
        self._counts.clear()
        return forgotten

    def clear(self, key: str) -> None:
        self._counts.pop(key, None)

    def _sweep(self, now: float) -> None:
        """Forget what is over; when that is not enough, everything: better than growing."""
        self._swept_at = now
        self._counts = {key: held for key, held in self._counts.items() if held[1] > now}
        if len(self._counts) >= MOST:
            self._counts.clear()
