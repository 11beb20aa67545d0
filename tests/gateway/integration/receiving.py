"""A system that receives webhooks, over HTTP on loopback."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message_id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(self.body)
        return made

    def is_signed_with(self, secret: str) -> bool:
        """As the specification of Standard Webhooks describes it, step by step."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        content = f"{self.message_id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        expected = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
        return f"v1,{expected}" in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """Answers with the status of its path: /200, /500 …; what *answer* says comes first."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], int] | None = None
    location: str = ""  # of redirects

    def at(self, path: str) -> list[Received]:
        return [one for one in self.received if one.path == path]

    def status_for(self, one: Received) -> int:
        return self.answer(one) if self.answer else int(one.path.strip("/").partition("/")[0])


@contextmanager
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(made))
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def handler_of(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            one = Received(self.path, headers, body)
            receiver.received.append(one)
            self.send_response(receiver.status_for(one))
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Tests read assertions, not access logs."""

    return Handler
