"""Make a process cooperative. To be called before anything that does I/O is imported."""

import os
import sys
import warnings

TOO_EARLY = ("psycopg", "kombu", "sqlalchemy", "socketserver")
NAP_SECONDS = 0.1
LEAST_TICKS = 4


def patch() -> None:
    """psycopg would wait in C and freeze every other greenlet: it is told to wait on the hub."""
    early = [name for name in TOO_EARLY if name in sys.modules]
    if early:
        raise RuntimeError(f"imported before eventlet could patch: {', '.join(early)}")
    os.environ["EVENTLET_NO_GREENDNS"] = "yes"
    hush()
    import eventlet

    eventlet.monkey_patch()
    from psycopg import waiting

    from chassis import green_waiting

    waiting.wait = green_waiting.wait


def hush() -> None:
    """Its deprecation is known, and no news to an operator."""
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")


def check() -> None:
    """Raise unless the process is what an events process has to be."""
    from eventlet import patcher
    from psycopg import waiting

    from chassis import green_waiting

    if not patcher.is_monkey_patched("socket"):
        raise RuntimeError("eventlet_first.patch() was not called")
    if waiting.wait is not green_waiting.wait:
        raise RuntimeError("psycopg would freeze the process: it does not wait on the hub")
    if "grpc" in sys.modules:
        raise RuntimeError("grpc was imported; it hangs beside eventlet")


def check_database(database_url: str) -> None:
    """Raise when nothing else can run while a statement waits."""
    import eventlet
    import sqlalchemy as sa

    from chassis.database import engine

    bound = engine(database_url, connections=1)

    def nap() -> None:
        with bound.connect() as connection:
            connection.execute(sa.text(f"SELECT pg_sleep({NAP_SECONDS})"))

    with bound.connect():
        napping = eventlet.spawn(nap)
    ticks = 0
    while not napping.dead:
        eventlet.sleep(NAP_SECONDS / 20)
        ticks += 1
    napping.wait()
    bound.dispose()
    if ticks < LEAST_TICKS:
        raise RuntimeError("nothing else ran while a statement waited")
