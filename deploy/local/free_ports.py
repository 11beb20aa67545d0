"""No port may be taken before its program starts: that would be a riddle in some log."""

import socket
from collections.abc import Iterable, Iterator

from deploy.local.ports import COMPANION, PORTS
from deploy.local.program import Program
from deploy.local.say import Problem
from deploy.local.settings import Settings, variable


def check(settings: Settings, programs: Iterable[Program]) -> None:
    """Raise one Problem that names every taken port. None of the programs may be running."""
    problems = [
        line for program in programs for port in program.ports for line in taken(settings, port)
    ]
    if problems:
        raise Problem("\n".join([*problems, "LIHENG_PORT_OFFSET=1000 would move all ports."]))


def taken(settings: Settings, port: str) -> Iterator[str]:
    number = settings.ports[port]
    numbers = (number, number + COMPANION) if PORTS[port].companion else (number,)
    for each in numbers:
        if not free(each):
            yield (
                f"port {each} ({PORTS[port].purpose}) is taken by another program: "
                f"end that program, or choose another port with {variable(port)}"
            )


def free(number: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True
