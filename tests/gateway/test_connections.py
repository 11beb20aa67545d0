"""Clients that are slow, endless or too many, on real sockets."""

import threading
import time
from contextlib import ExitStack
from itertools import repeat

import pytest

from tests.gateway.hasty import SECOND
from tests.gateway.signing import Signing
from tests.gateway.wire import connected, everything, sent
from tests.patience import until

GET = b"GET /v1/me HTTP/1.1\r\nHost: gateway\r\n"
CLOSING = GET + b"Connection: close\r\n\r\n"


def test_a_connection_that_says_nothing_is_ended(hasty: str) -> None:
    answer = sent(hasty)

    assert (answer.status, answer.problem["code"]) == (408, "request_too_slow")
    assert answer.headers["connection"] == "close"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"] == answer.problem["request_id"]


@pytest.mark.parametrize("start", [b"GET /v1/me", GET + b"X-Slow: "], ids=["line", "header"])
def test_headers_that_trickle_are_cut_off(start: bytes, hasty: str) -> None:
    began = time.monotonic()
    with connected(hasty) as line:
        line.sendall(start)
        trickle(line.sendall)
        answer = everything(line)

    assert answer.status == 408
    assert time.monotonic() - began < SECOND * 4


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_trickles_is_cut_off(chunked: bool, hasty: str, signing: Signing) -> None:
    length = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: 1000"
    head = b"POST /v1/leads HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
    token = f"Authorization: Bearer {signing.staff('adviser')}\r\n".encode()
    with connected(hasty) as line:
        line.sendall(head + token + length + b"\r\n\r\n")
        trickle(line.sendall, b"1\r\n{\r\n" if chunked else b"{")
        answer = everything(line)

    assert (answer.status, answer.problem["code"]) == (408, "request_too_slow")


def test_empty_lines_do_not_hold_a_connection(hasty: str) -> None:
    with connected(hasty) as line:
        line.sendall(GET + b"\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 401")
        trickle(line.sendall, b"\r\n")
        answer = everything(line)

    assert answer.status == 408


def test_quick_ones_are_served_while_slow_ones_trickle(hasty: str) -> None:
    with ExitStack() as lines:
        slow = [lines.enter_context(connected(hasty)) for _ in range(15)]
        for line in slow:
            line.sendall(b"GET /v1/me HTTP/1.1\r\nX-Slow: a")
        seconds = [timed(hasty) for _ in range(20)]

    assert sorted(seconds)[-2] < SECOND


def test_more_connections_than_there_is_room_for_are_told_so(hasty: str) -> None:
    with ExitStack() as lines:
        for _ in range(20):
            lines.enter_context(connected(hasty))
        answer = until("the refusal", lambda: refused(hasty))

    assert answer == "too_many_connections"
    assert until("room", lambda: sent(hasty, CLOSING).status == 401)


@pytest.mark.parametrize(
    ("pieces", "status", "code"),
    [
        ([b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n"], 414, "address_too_long"),
        ([b"GET /?q=" + b"a" * 4000, *[b"a" * 4000] * 4], 414, "address_too_long"),
        ([GET + b"X: y\r\n" * 101 + b"\r\n"], 431, "headers_too_large"),
        ([GET + b"X-Long: " + b"y" * 40_000 + b"\r\n\r\n"], 431, "headers_too_large"),
        ([GET, b"X-Endless: ", *repeat(b"y" * 8000, 400)], 431, "headers_too_large"),
        ([GET, *repeat(b"X-Many: y\r\n", 20_000)], 431, "headers_too_large"),
    ],
    ids=["url", "url in pieces", "many", "long", "endless", "many in pieces"],
)
def test_too_large_a_head_is_refused_while_it_comes(
    pieces: list[bytes], status: int, code: str, base_url: str
) -> None:
    answer = sent(base_url, *pieces)

    assert answer.status in (status, 0)  # they may hang up before we have read why
    if answer.status:
        assert answer.problem["code"] == code


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"FOO / HTTP/1.1\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET /v1/me\x00 HTTP/1.1\r\n\r\n",
        b"GET /v1/\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n",
        GET + b"Bad Name: x\r\n\r\n",
        GET + b"X: a\x00b\r\n\r\n",
        GET + b" folded: x\r\n\r\n",
        GET + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        GET + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        GET + b"Content-Length: -1\r\n\r\n",
        GET + b"Content-Length: 5, 5\r\n\r\nhello",
        GET + b"Content-Length: 99999999999999999999999\r\n\r\n",
        GET + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        GET + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        GET + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        GET + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        GET + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        GET + b"Host: evil\r\n\r\n",
        GET + b"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
        GET + b"Idempotency-Key: aaaaaaaa\r\nIdempotency-Key: bbbbbbbb\r\n\r\n",
    ],
    ids=lambda said: repr(said[-40:]),
)
def test_what_is_not_plain_http_is_refused_and_the_line_cut(
    request_bytes: bytes, base_url: str
) -> None:
    answer = sent(base_url, request_bytes)

    assert answer.status in (400, 401, 404, 405)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.get("connection") == "close" or answer.status != 400


def test_a_trailer_is_no_header(base_url: str) -> None:
    body = b"1\r\n{\r\n0\r\nAuthorization: Bearer smuggled\r\n\r\n"
    head = b"POST /v1/leads HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    answer = sent(base_url, head + body)

    assert answer.status in (400, 401)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_second_request_hidden_in_a_body_is_not_answered(base_url: str, signing: Signing) -> None:
    hidden = b"GET /v1/customers HTTP/1.1\r\nHost: a\r\n\r\n"
    length = b"Content-Length: " + str(len(hidden)).encode()
    answer = sent(
        base_url,
        b"POST /v1/leads HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + length + b"\r\n\r\n",
        hidden,
    )

    assert answer.status == 401
    assert answer.body.count(b"HTTP/1.1") == 0


def trickle(say: object, piece: bytes = b"a") -> None:
    """Something every now and then, until they hang up."""
    deadline = time.monotonic() + SECOND * 3
    while time.monotonic() < deadline:
        try:
            say(piece)  # type: ignore[operator]
        except OSError:
            return
        threading.Event().wait(SECOND / 5)


def timed(url: str) -> float:
    began = time.monotonic()
    assert sent(url, CLOSING).status == 401
    return time.monotonic() - began


def refused(url: str) -> str:
    answer = sent(url, CLOSING)
    return str(answer.problem["code"]) if answer.status == 503 else ""
