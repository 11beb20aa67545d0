"""How psycopg waits for its server in a process of eventlet: other greenlets run meanwhile.

psycopg's own wait_select does the same, through a select that eventlet rebuilds on its hub for
every answer; here the socket is asked first, and the hub only when there is nothing yet.
"""

from collections.abc import Generator
from time import monotonic
from typing import Any, TypeVar

from eventlet.green.select import select as either
from eventlet.hubs import trampoline
from eventlet.patcher import original
from eventlet.timeout import Timeout
from psycopg.errors import OperationalError, _WaitTimeout
from psycopg.waiting import Ready, Wait

select = original("select")
R = TypeVar("R")

ASKED = {
    Wait.R: select.POLLIN,
    Wait.W: select.POLLOUT,
    Wait.RW: select.POLLIN | select.POLLOUT,
}
READABLE = select.POLLIN | select.POLLHUP | select.POLLERR | select.POLLNVAL


def wait(
    gen: Generator[Wait, Ready | int, R],
    fileno: int,
    interval: float = 0.0,
    timeout: float | None = None,
) -> R:
    """As psycopg.waiting.wait: raise OperationalError when the socket is gone."""
    until = None if timeout is None else monotonic() + timeout
    try:
        wanted = next(gen)
        while True:
            patience = interval if until is None else min(interval, max(0, until - monotonic()))
            wanted = gen.send(ready(fileno, wanted, patience))
            if until is not None and monotonic() >= until:
                raise _WaitTimeout("wait timeout expired")
    except OSError as error:
        raise OperationalError("connection socket closed") from error
    except StopIteration as ended:
        result: R = ended.value
        return result


def ready(socket: int, wanted: Wait, patience: float) -> int:
    """What can be done of what is *wanted*; 0 after *patience* seconds in which nothing could."""
    found = asked(socket, wanted)
    if found or not patience:
        return found
    if wanted == Wait.RW:
        either([socket], [socket], [], patience)
    else:
        with Timeout(patience, False):
            trampoline(socket, read=wanted == Wait.R, write=wanted == Wait.W)
    return asked(socket, wanted)


def asked(socket: int, wanted: Wait) -> int:
    poll: Any = select.poll()
    poll.register(socket, ASKED[wanted])
    found = 0
    for _, seen in poll.poll(0):
        found |= Ready.R if seen & READABLE else 0
        found |= Ready.W if seen & select.POLLOUT else 0
    return found
