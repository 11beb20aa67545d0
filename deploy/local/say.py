"""What the stack tells the person who runs it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Problem(Exception):
    """Something the person at the keyboard can mend; the message says how."""


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def explain() -> Iterator[None]:
    """A problem is a message and exit code 1, not a stack trace."""
    try:
        yield
    except Problem as problem:
        sys.exit(f"\n{problem}")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # whoever read along has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
