"""One POST to somebody else's server: to the very address that was checked, and no further."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

from gateway.webhooks.addresses import Reachable

TIMEOUT = 10.0  # seconds for all of it
CONNECT_TIMEOUT = 5.0  # seconds
MOST_READ = 64 * 1024  # bytes of an answer, which is then forgotten
NOT_TRIED = 0  # status when nobody answered

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class Unreachable(Exception):
    """A code for why nobody answered."""


@dataclass(frozen=True)
class Answer:
    """*status* 0 when there was none; *why* is a code."""

    status: int
    why: str

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


async def resolved(host: str, port: int) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves once, refuses when any address is out of bounds, and connects to one it checked."""

    def __init__(self, reachable: Reachable, resolve: Resolve = resolved) -> None:
        self._reachable = reachable
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            addresses = await self._resolve(host, port)
        except OSError:
            raise Unreachable("unknown_host") from None
        if not addresses or not all(map(self._reachable.allows, addresses)):
            raise Unreachable("forbidden_address")
        return await self._network.connect_tcp(
            addresses[0], port, timeout, local_address, socket_options
        )

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise Unreachable("forbidden_address")

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)


class Poster:
    """Follows no redirect, keeps no connection and no cookie, and reads no proxy settings."""

    def __init__(
        self, reachable: Reachable, *, resolve: Resolve = resolved, timeout: float = TIMEOUT
    ) -> None:
        self._timeout = timeout
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_keepalive_connections=0,
            network_backend=GuardedNetwork(reachable, resolve),
        )

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._post(url, headers, body)
        except (TimeoutError, httpcore.TimeoutException):
            return Answer(NOT_TRIED, "timeout")
        except Unreachable as error:
            return Answer(NOT_TRIED, str(error))
        except (httpcore.ProtocolError, UnicodeError):
            return Answer(NOT_TRIED, "not_http")
        except (httpcore.NetworkError, OSError):
            return Answer(NOT_TRIED, "unreachable")

    async def close(self) -> None:
        await self._pool.aclose()

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        wire = [(name.encode(), value.encode()) for name, value in headers.items()]
        timeouts = {"connect": CONNECT_TIMEOUT, "read": self._timeout, "write": self._timeout}
        stream = self._pool.stream(
            "POST", url, headers=wire, content=body, extensions={"timeout": timeouts}
        )
        async with stream as response:
            read = 0
            async for piece in response.aiter_stream():
                read += len(piece)
                if read > MOST_READ:
                    break
            return Answer(response.status, why(response.status))


def why(status: int) -> str:
    if 200 <= status < 300:
        return "taken"
    if 300 <= status < 400:
        return "redirected"
    return "gone" if status == 410 else "refused"
