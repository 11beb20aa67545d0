"""Refusals become entries, and a flood of them becomes a number."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from chassis.trail.entry import Entry, Outcome

log = logging.getLogger(__name__)

SECONDS = 60.0
PER_SOURCE = 60  # entries in so many seconds
ALTOGETHER = 600
MOST_SOURCES = 10_000

EVERYBODY = ""


@dataclass
class _Window:
    until: float
    written: int = 0
    left_out: int = 0


class Refusals:
    """At most so many a minute and source are to be written; the others are counted.

    What was counted comes out as one entry per source once its minute is over.
    """

    def __init__(
        self,
        per_source: int = PER_SOURCE,
        altogether: int = ALTOGETHER,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = {True: altogether, False: per_source}
        self._now = now
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        self._lock = Lock()

    def to_write(self, source: str, refused: Entry) -> list[Entry]:
        """What is to be written now that *source* was refused once more."""
        with self._lock:
            counted = self._ended(self._now())
            fits = self._fits(source) and self._fits(EVERYBODY)
            if not fits:
                self._window(source).left_out += 1
        return [*counted, refused] if fits else counted

    def rest(self) -> list[Entry]:
        """What is still counted, for the end of the process."""
        with self._lock:
            return self._ended(float("inf"))

    def _fits(self, source: str) -> bool:
        window = self._window(source)
        window.written += 1
        return window.written <= self._most[source == EVERYBODY]

    def _window(self, source: str) -> _Window:
        if source not in self._windows:
            self._windows[source] = _Window(self._now() + SECONDS)
        return self._windows[source]

    def _ended(self, now: float) -> list[Entry]:
        """Windows are as old as their place says."""
        counted = []
        while self._windows:
            source, window = next(iter(self._windows.items()))
            if window.until > now and len(self._windows) <= MOST_SOURCES:
                break
            del self._windows[source]
            if window.left_out:
                counted.append(_counted(source, window.left_out))
        return counted


def _counted(source: str, left_out: int) -> Entry:
    return Entry(
        action="refusals.counted",
        outcome=Outcome.REFUSED,
        details={"source": source, "count": left_out, "seconds": int(SECONDS)},
    )
