"""A gateway under test: the real server on a real socket, in a thread."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from gateway.app import make
from gateway.config import GatewayConfig
from gateway.connection import Connection
from gateway.listener import KnowsItsPeer, listening
from gateway.server import Server
from gateway.trail import OwnTrail
from tests.gateway.trail_in_memory import TrailInMemory


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Announcing(Server):
    """Says when it is ready, so that nobody has to poll."""

    def __init__(self, config: uvicorn.Config, let_go: Callable[[], None]) -> None:
        super().__init__(config, let_go)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextmanager
def running(
    config: GatewayConfig,
    own: OwnTrail | None = None,
    protocol: type[Connection] = KnowsItsPeer,
) -> Iterator[str]:
    """The base URL while it runs; its trail is in memory unless told otherwise."""
    app = make(config, own or TrailInMemory())
    settings = listening(app, config, protocol)
    server = Announcing(settings, lambda: app.state.feed.audience.close())
    thread = threading.Thread(target=server.run)
    thread.start()
    assert server.ready.wait(20)
    try:
        yield f"{'https' if server.config.is_ssl else 'http'}://{config.address}"
    finally:
        server.should_exit = True
        thread.join()
