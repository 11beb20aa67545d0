"""A connection of a pool is asked whether it stands only when its socket has something to say."""

import socket
from collections.abc import Iterator

import pytest

from chassis.standing import standing


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, servers = socket.socketpair()
    yield ours, servers
    ours.close()
    servers.close()


def test_a_silent_connection_stands_without_being_asked(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    stands = standing(lambda _: pytest.fail("it was asked"))

    assert stands(pair[0])


@pytest.mark.parametrize("answer", [True, False])
def test_one_with_something_to_say_is_asked(
    pair: tuple[socket.socket, socket.socket], answer: bool
) -> None:
    pair[1].send(b"notice")

    assert standing(lambda _: answer)(pair[0]) is answer


def test_one_that_the_server_closed_is_asked(pair: tuple[socket.socket, socket.socket]) -> None:
    pair[1].close()

    assert not standing(lambda _: False)(pair[0])
