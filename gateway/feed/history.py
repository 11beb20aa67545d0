"""The newest hints, in the order of the stream, for clients who were away for a while."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.feed.custodians import Custodian
from gateway.feed.hints import Hint

KEPT = 10_000
BEFORE_ALL = -1


@dataclass(frozen=True, eq=False)
class Kept:
    """A hint at its place, encoded once for whoever will be told."""

    offset: int
    event_id: str
    hint: Hint
    custodian: Custodian | None  # None when it is about everybody's clients
    frame: bytes


class History:
    """Complete from *start* to *end*, both offsets of the stream."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept: deque[Kept] = deque()
        self._most = kept
        self._ids: set[str] = set()
        self.start = BEFORE_ALL  # offset that was read first, or follows the last forgotten one
        self.end = BEFORE_ALL

    def pass_over(self, offset: int) -> None:
        """Read, whatever it was."""
        if self.start == BEFORE_ALL:
            self.start = offset
        self.end = offset

    def add(self, kept: Kept) -> bool:
        """False when the same event is there already: it came twice over the wire."""
        if kept.event_id in self._ids:
            return False
        self._kept.append(kept)
        self._ids.add(kept.event_id)
        if len(self._kept) > self._most:
            self._forget()
        return True

    def reaches_back_to(self, offset: int) -> bool:
        """Whether nothing after *offset* is missing."""
        return self.start - 1 <= offset <= self.end

    def after(self, offset: int) -> Iterator[Kept]:
        return (kept for kept in self._kept if kept.offset > offset)

    def forget_all(self) -> None:
        self._kept.clear()
        self._ids.clear()
        self.start = self.end = BEFORE_ALL

    def _forget(self) -> None:
        oldest = self._kept.popleft()
        self._ids.discard(oldest.event_id)
        self.start = oldest.offset + 1
