"""Does a pooled connection still stand? Asked of the socket first, of the server only in doubt."""

import select
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

Ping = Callable[[Any], bool]


def asked_when_in_doubt(bound: sa.Engine) -> sa.Engine:
    """A ping before each use costs as much as the question itself.

    A server that went away has closed the socket, so that it can be read from. Between two
    uses nothing else comes from a server unasked, but for notices: they are a reason to ask.
    """
    bound.dialect.do_ping = standing(bound.dialect.do_ping)  # type: ignore[assignment]
    return bound


def standing(ping: Ping) -> Ping:
    def stands(connection: Any) -> bool:
        return silent(connection.fileno()) or ping(connection)

    return stands


def silent(socket: int) -> bool:
    """Nothing waits to be read: no answer, no end. Under eventlet, which takes poll away,
    nobody knows."""
    if not hasattr(select, "poll"):
        return False
    waiting = select.poll()
    waiting.register(socket, select.POLLIN)
    return not waiting.poll(0)
