"""How much a caller was shown of late: much at once, or little by little, is an export."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

BULK = 100  # rows in one answer, from which on it counts as an export
STEADILY = 300  # rows of one operation within a minute, in however many answers
SECONDS = 60.0
MOST = 10_000  # callers and operations

Key = tuple[str, str]  # caller, operation


@dataclass
class _Minute:
    until: float
    rows: int = 0
    told_at: int = STEADILY


class Takings:
    """Counts by caller and operation, of this process."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._minutes: OrderedDict[Key, _Minute] = OrderedDict()

    def to_tell(self, caller: str, operation: str, rows: int) -> int:
        """How many rows of this minute are to be written down now; 0 while it is not much."""
        if rows == 0 or rows >= BULK:
            return rows
        minute = self._minute((caller, operation))
        minute.rows += rows
        if minute.rows < minute.told_at:
            return 0
        minute.told_at *= 10  # so that who asks all the time leaves a few entries
        return minute.rows

    def _minute(self, key: Key) -> _Minute:
        """Minutes are as old as their place says."""
        now = self._now()
        while self._minutes:
            oldest = next(iter(self._minutes))
            if self._minutes[oldest].until > now and len(self._minutes) < MOST:
                break
            del self._minutes[oldest]
        return self._minutes.setdefault(key, _Minute(now + SECONDS))
