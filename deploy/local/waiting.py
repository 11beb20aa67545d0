"""Wait until something is true, but not for ever."""

import select
from collections.abc import Callable
from time import monotonic


def until(true: Callable[[], bool], patience: float, pause: float = 0.1) -> bool:
    """Whether it became true in time."""
    deadline = monotonic() + patience
    while not true():
        if monotonic() > deadline:
            return False
        select.select([], [], [], pause)
    return True
