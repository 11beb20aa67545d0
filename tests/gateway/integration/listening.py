"""A client of the feed, and what it hears."""

import json
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import httpx

from tests.patience import until

PATIENCE = httpx.Timeout(20)


@dataclass
class Heard:
    """Frames in order; *over* when the stream has ended."""

    headers: httpx.Headers
    frames: list[dict[str, str]] = field(default_factory=list)
    over: bool = False

    @property
    def hints(self) -> list[tuple[str, str, str]]:
        """Type, subject and state of each."""
        told = [json.loads(each["data"]) for each in self.frames if each.get("event") != "reset"]
        return [(each["type"], each["subject"], each["state"]) for each in told]

    @property
    def place(self) -> str:
        return self.frames[-1]["id"]

    @property
    def is_reset(self) -> bool:
        return any(each.get("event") == "reset" for each in self.frames)

    def await_hints(self, count: int) -> list[tuple[str, str, str]]:
        until(f"hint {count}", lambda: len(self.hints) >= count)
        return self.hints

    def await_end(self) -> None:
        until("the end of the stream", lambda: self.over)


@contextmanager
def listening(url: str, token: str, *, after: str = "", query: str = "") -> Iterator[Heard]:
    headers = {"Authorization": f"Bearer {token}"} | ({"Last-Event-ID": after} if after else {})
    with (
        httpx.Client(trust_env=False, timeout=PATIENCE) as client,
        client.stream("GET", f"{url}/v1/events{query}", headers=headers) as response,
    ):
        assert response.status_code == 200, response.read()
        heard = Heard(response.headers)
        thread = threading.Thread(target=hear, args=(response, heard))
        thread.start()
        try:
            yield heard
        finally:
            hang_up(response)
            thread.join()


def hang_up(response: httpx.Response) -> None:
    """Wakes whoever reads."""
    with suppress(OSError):
        response.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)


def hear(response: httpx.Response, heard: Heard) -> None:
    with suppress(httpx.HTTPError, httpx.StreamError, OSError):
        for frame in frames(response.iter_lines()):
            heard.frames.append(frame)
    heard.over = True


def frames(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Those with data."""
    frame: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            frame[name] = value
        else:
            if "data" in frame:
                yield frame
            frame = {}
