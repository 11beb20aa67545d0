"""Take the stack down: nothing but the standard library, so that it works when all else fails."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from deploy.local import strays
from deploy.local.program import SERVERS
from deploy.local.say import say
from deploy.local.settings import Settings

SUPERVISOR_PATIENCE, APPLICATION_PATIENCE, SERVER_PATIENCE = 90, 20, 30  # seconds


def stop(settings: Settings) -> None:
    """Data stay; no process does."""
    if not settings.home.exists():
        say("Nothing is running")
        return
    with one_at_a_time(settings):
        found = strays.find(settings.home)
        if found:
            say(f"Stopping {len(found)} processes")
        strays.end([process for process in found if not process.program], SUPERVISOR_PATIENCE)
        end_in_order(strays.find(settings.home))
    say("Stopped" if found else "Nothing is running")


def end_orphans(settings: Settings) -> None:
    orphans = strays.find(settings.home)
    if orphans:
        say(f"Ending {len(orphans)} processes that an earlier run left behind")
        end_in_order(orphans)


def end_in_order(processes: Sequence[strays.Process]) -> None:
    """The application first: it still needs the servers to stop well."""
    last = [process for process in processes if process.group == SERVERS]
    strays.end([process for process in processes if process.group != SERVERS], APPLICATION_PATIENCE)
    strays.end(last, SERVER_PATIENCE)


@contextmanager
def one_at_a_time(settings: Settings) -> Iterator[None]:
    """Two commands on one stack wait for each other."""
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(settings.home / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
