"""One connection: bounds on how much may come and how slowly, before anybody looks at it."""

import asyncio
from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.datastructures import Headers
from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from gateway.border import measure, request_id, secure
from gateway.problems import Problem, respond
from gateway.sentences import Sentence


@dataclass(frozen=True)
class Bounds:
    url: int = 8 * 1024  # bytes
    head: int = 32 * 1024  # bytes of names and values
    headers: int = 100
    connections: int = 2000  # of one process
    head_seconds: float = 10.0  # from its first byte, or from the connection, to its last
    body_seconds: float = 60.0
    reading_seconds: float = 30.0  # in which nothing of an answer is taken


# Said twice, somebody on the way may have believed the other one.
ONCE = frozenset(
    {
        b"authorization",
        b"client-cert",
        b"content-length",
        b"content-type",
        b"host",
        b"idempotency-key",
        b"if-match",
        b"transfer-encoding",
        b"x-terminator-secret",
    }
)


class Connection(HttpToolsProtocol):
    """uvicorn's protocol, with bounds; what breaks them is told as a problem, and the line cut."""

    bounds: ClassVar[Bounds] = Bounds()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._timer: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._refusal: Problem | None = None
        self._in_head = True
        self._fed = 0  # bytes since the head began
        self._size = 0  # bytes of the headers read

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.bounds.connections:
            self._cut(too_many_connections())
        else:
            self._start(self.bounds.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._fed += len(data)
        super().data_received(data)
        if self._in_head and self._fed > self.bounds.url + self.bounds.head:
            self._cut(head_too_large())
        elif self._timer is None and self._idle and not self.transport.is_closing():
            self._start(self.bounds.head_seconds)  # empty lines are no request

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._size, self._fed = True, 0, 0
        self._start(self.bounds.head_seconds)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.bounds.url:
            raise self._refused(url_too_long())

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_head:
            raise self._refused(unreadable())  # a trailer: nobody asked for one
        self._size += len(name) + len(value)
        if self._size > self.bounds.head or len(self.headers) >= self.bounds.headers:
            raise self._refused(head_too_large())
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        said = [name for name, _ in self.headers if name in ONCE]
        if len(set(said)) < len(said):
            raise self._refused(unreadable())
        self._in_head = False
        self._start(self.bounds.body_seconds)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head, self._fed = True, 0
        self._stop()
        super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(self.bounds.reading_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def send_400_response(self, msg: str) -> None:
        """What the parser refused, or one of the bounds above."""
        self._cut(self._refusal or unreadable())

    @property
    def _idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _refused(self, problem: Problem) -> Problem:
        self._refusal = problem
        return problem

    def _start(self, seconds: float) -> None:
        self._stop()
        self._timer = self.loop.call_later(seconds, self._too_slow)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        self._cut(too_slow())

    def _cut(self, problem: Problem) -> None:
        """Say why, unless an answer is under way already; then hang up."""
        self._stop()
        if self.transport.is_closing():
            return
        if self._idle or not (self._in_head or self.cycle.response_started):
            self._tell(problem)
        self.transport.close()

    def _tell(self, problem: Problem) -> None:
        headers = Headers(raw=self.headers or [])
        scope = {"request_id": request_id(headers)}
        response = respond(problem, headers, scope["request_id"])
        response.headers["Connection"] = "close"
        secure(response.headers, scope)
        measure(scope, problem.status, 0.0)
        self.transport.write(raw(response))


def raw(response: Response) -> bytes:
    lines = b"".join(b"%b: %b\r\n" % header for header in response.raw_headers)
    return STATUS_LINE[response.status_code] + lines + b"\r\n" + bytes(response.body)


def unreadable() -> Problem:
    detail = Sentence("This is not a proper HTTP request", "不是有效的 HTTP 请求")
    return Problem(400, "unreadable_request", detail)


def url_too_long() -> Problem:
    return Problem(414, "address_too_long", Sentence("The address is too long", "地址过长"))


def head_too_large() -> Problem:
    detail = Sentence("There are too many headers, or too large ones", "请求头过多或过大")
    return Problem(431, "headers_too_large", detail)


def too_slow() -> Problem:
    detail = Sentence("The request did not arrive in time", "请求未能及时到达")
    return Problem(408, "request_too_slow", detail)


def too_many_connections() -> Problem:
    detail = Sentence(
        "The gateway has all the connections it can hold; try again shortly",
        "连接数已满，请稍后重试",
    )
    return Problem(503, "too_many_connections", detail, headers={"Retry-After": "2"})
