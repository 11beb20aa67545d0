"""Who acts on a command line: what the system knows of them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from chassis.trail.entry import code
from chassis.trail.origin import acting


def operator() -> str:
    """In a container there may be no name."""
    return os.environ.get("USER") or f"uid {os.getuid()}"


@contextmanager
def acting_as(name: str) -> Iterator[None]:
    """What is written into the trail meanwhile says so."""
    before = acting.set(code(f"command-line:{name}".replace(" ", "-")) or "command-line")
    try:
        yield
    finally:
        acting.reset(before)
