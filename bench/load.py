"""A closed loop of HTTP requests that costs the measuring process as little as possible."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean
from time import perf_counter

CONNECTIONS = 32


@dataclass(frozen=True)
class Target:
    """GETs of one kind, as they go over the wire; connections take them in turn."""

    host: str
    port: int
    requests: tuple[bytes, ...]

    @classmethod
    def get(cls, address: str, *paths: str, tokens: Sequence[str] = ()) -> "Target":
        """One request per path, each with a token of its own where there are tokens."""
        host, _, port = address.rpartition(":")
        signed = tokens or [""] * len(paths)
        made = (written(address, *asked) for asked in zip(paths, signed, strict=True))
        return cls(host, int(port), tuple(made))

    def of(self, connection: int) -> bytes:
        return self.requests[connection % len(self.requests)]


def written(address: str, path: str, token: str) -> bytes:
    headers = f"GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Language: en\r\n"
    if token:
        headers += f"Authorization: Bearer {token}\r\n"
    return f"{headers}\r\n".encode()


def warm(target: Target) -> float:
    """Ask each request once; answers how many bytes an answer has, on average."""

    async def ask() -> float:
        sizes = []
        for request in target.requests:
            reader, writer = await asyncio.open_connection(target.host, target.port)
            sizes.append(len(await _once(request, reader, writer)))
            writer.close()
            await writer.wait_closed()
        return mean(sizes)

    return asyncio.run(ask())


def rate(target: Target, *, in_flight: int, seconds: float) -> float:
    """Answers per second with *in_flight* connections kept busy."""
    return asyncio.run(_rate(target, in_flight, seconds))


async def _rate(target: Target, in_flight: int, seconds: float) -> float:
    until = perf_counter() + seconds
    started = perf_counter()
    counts = await asyncio.gather(*(_loop(target, place, until) for place in range(in_flight)))
    return sum(counts) / (perf_counter() - started)


def latencies(target: Target, *, per_second: float, seconds: float) -> list[float]:
    """Seconds from the moment each request was due, sorted; requests do not wait for answers."""
    due = (place / per_second for place in range(int(per_second * seconds)))
    return sorted(asyncio.run(_paced(target, due)))


async def _paced(target: Target, due: Iterator[float]) -> list[float]:
    started, waited = perf_counter(), list[float]()
    connections = (_keep_pace(target, at, due, started, waited) for at in range(CONNECTIONS))
    await asyncio.gather(*connections)
    return waited


async def _keep_pace(
    target: Target, place: int, due: Iterator[float], started: float, waited: list[float]
) -> None:
    reader, writer = await asyncio.open_connection(target.host, target.port)
    for moment in due:
        await asyncio.sleep(started + moment - perf_counter())
        await _once(target.of(place), reader, writer)
        waited.append(perf_counter() - started - moment)
    writer.close()
    await writer.wait_closed()


async def _loop(target: Target, place: int, until: float) -> int:
    reader, writer = await asyncio.open_connection(target.host, target.port)
    count = 0
    while perf_counter() < until:
        await _once(target.of(place), reader, writer)
        count += 1
    writer.close()
    await writer.wait_closed()
    return count


async def _once(
    request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bytes:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    status = head.split(b" ", 2)[1]
    if status != b"200":
        raise RuntimeError(f"answered {status.decode()}: {request[:120]!r}")
    return await reader.readexactly(_length(head))


def _length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.index(b"content-length:") + len(b"content-length:")
    return int(lowered[start : lowered.index(b"\r\n", start)])
