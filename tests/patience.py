"""Wait for what takes a moment, and no longer than a deadline."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(what: str, check: Callable[[], T | None], seconds: float = 20) -> T:
    """The first true answer of *check*; fails when none comes in time."""
    deadline = time.monotonic() + seconds
    while not (answer := check()):
        assert time.monotonic() < deadline, f"{what} did not come within {seconds} s"
        threading.Event().wait(0.05)
    return answer
