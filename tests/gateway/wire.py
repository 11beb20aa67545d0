"""Bytes on a socket, for what no client library would send."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 20.0  # seconds


@dataclass(frozen=True)
class Told:
    """One answer as it came over the wire; status 0 when there was none."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        assert self.headers["content-type"] == "application/problem+json", self
        told: dict[str, Any] = json.loads(self.body)
        return told


@contextmanager
def connected(base_url: str) -> Iterator[socket.socket]:
    where = urlsplit(base_url)
    assert where.hostname is not None
    with socket.create_connection((where.hostname, where.port or 80), PATIENCE) as line:
        yield line


def everything(line: socket.socket) -> Told:
    """What is told until the other side hangs up."""
    said = bytearray()
    try:
        while piece := line.recv(65536):
            said += piece
    except ConnectionResetError:
        pass
    return told(bytes(said))


def told(said: bytes) -> Told:
    if not said:
        return Told(0, {}, b"")
    head, _, body = said.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return Told(int(status.split()[1]), headers, body)


def sent(base_url: str, *pieces: bytes) -> Told:
    """Say the pieces, one after the other, and hear the answer."""
    with connected(base_url) as line:
        try:
            for piece in pieces:
                line.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass  # they have heard enough
        return everything(line)
