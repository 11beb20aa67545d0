"""Growing pauses between tries."""


class Patience:
    """Each pause is twice the one before, up to *longest*; forgotten after a success."""

    def __init__(self, shortest: float = 0.1, longest: float = 5.0) -> None:
        self._shortest = shortest
        self._longest = longest
        self._next = shortest

    def pause(self) -> float:
        """Seconds to wait before the next try."""
        pause, self._next = self._next, min(self._next * 2, self._longest)
        return pause

    def forget(self) -> None:
        self._next = self._shortest
