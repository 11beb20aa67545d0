import socket
from collections.abc import Iterator

import pytest

from deploy.local import free_ports, settings
from deploy.local.program import SERVERS, Program
from deploy.local.say import Problem

POSTGRES = Program(name="postgres", group=SERVERS, command=("postgres",), ports=("postgres",))


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_named_with_its_purpose_and_its_variable(taken: int) -> None:
    chosen = settings.read({"LIHENG_PORT_POSTGRES": str(taken)})

    with pytest.raises(Problem) as problem:
        free_ports.check(chosen, [POSTGRES])

    for part in (str(taken), "PostgreSQL", "LIHENG_PORT_POSTGRES"):
        assert part in str(problem.value)


def test_a_free_port_is_no_problem() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        free = other.getsockname()[1]

    free_ports.check(settings.read({"LIHENG_PORT_POSTGRES": str(free)}), [POSTGRES])
