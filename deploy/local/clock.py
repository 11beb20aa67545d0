"""The time of this stack: real time, or later.

Only processes started by deploy.local use this clock; a service started in any other way takes
its time from chassis.clock.system_clock.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from deploy.local.say import Problem
from deploy.local.secrets import keep

LOOKED_AT_AGAIN_AFTER = 0.5  # seconds
UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


@dataclass
class OffsetClock:
    """Now, plus the offset kept in *path*."""

    path: Path
    monotonic: Callable[[], float] = monotonic
    _offset: timedelta = field(default_factory=timedelta)
    _looked_at: float = float("-inf")

    def __call__(self) -> datetime:
        if self.monotonic() - self._looked_at > LOOKED_AT_AGAIN_AFTER:
            self._offset, self._looked_at = offset(self.path), self.monotonic()
        return datetime.now(UTC) + self._offset


def offset(path: Path) -> timedelta:
    try:
        return timedelta(seconds=float(path.read_text()))
    except FileNotFoundError:
        return timedelta()


def forward(path: Path, by: timedelta) -> None:
    """Time never goes back."""
    if by < timedelta():
        raise Problem("time cannot go back; `make clean` starts again at the real time")
    total = offset(path) + by
    keep(path, str(total.total_seconds()))


def duration(text: str) -> timedelta:
    """24h, 3d, 90m, or several together: 1d12h."""
    if not re.fullmatch(r"(\d+[dhms])+", text):
        raise Problem(f"{text!r} is no duration; write 24h, 3d, 90m or 1d12h")
    parts = re.findall(r"(\d+)([dhms])", text)
    return sum((timedelta(**{UNITS[unit]: int(number)}) for number, unit in parts), timedelta())


def shown(path: Path) -> str:
    ahead = timedelta(seconds=round(offset(path).total_seconds()))
    now = datetime.now(UTC) + ahead
    return f"{now:%Y-%m-%d %H:%M:%S} UTC, {f'{ahead} ahead of' if ahead else 'the'} real time"
