"""How much time is left for what is being answered."""

import time
from contextvars import ContextVar

_until: ContextVar[float | None] = ContextVar("deadline", default=None)

LEAST = 0.05  # seconds


def set_seconds_left(seconds: float | None) -> None:
    _until.set(None if seconds is None else time.monotonic() + seconds)


def seconds_left() -> float | None:
    """None when nobody set a deadline; never below LEAST."""
    until = _until.get()
    return None if until is None else max(LEAST, until - time.monotonic())
