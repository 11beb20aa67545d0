"""What every request passes on its way in and out: an id, a trace, a measure, safe headers."""

import logging
import re
import time
from functools import cache

from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import log
from chassis.ids import new_id

logger = logging.getLogger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
SAFE = Headers(SECURITY).raw

ANSWERED = Counter("gateway_answers_total", "Answers given", ["operation", "status"])
SECONDS = Histogram("gateway_seconds", "Time to the start of an answer", ["operation"])


class Border:
    """Outermost middleware; an answer always carries the request id and the safe headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope["request_id"] = request_id(headers)
        log.request_id.set(scope["request_id"])
        log.trace.set(continued_trace(headers))
        started = time.perf_counter()

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                secure(MutableHeaders(scope=message), scope)
                measure(scope, message["status"], time.perf_counter() - started)
            await send(message)

        await self._app(scope, receive, send_on)


def secure(headers: MutableHeaders, scope: Scope) -> None:
    headers["X-Request-Id"] = scope["request_id"]
    headers.update(scope.get("answer_headers", {}))
    own = {name for name, _ in headers.raw}
    headers.raw.extend(safe for safe in SAFE if safe[0] not in own)


def measure(scope: Scope, status: int, seconds: float) -> None:
    """Counted and noted without address or query: they may hold what nobody should read."""
    operation = scope.get("operation", "none")
    logger.info(
        "%s: %d",
        operation,
        status,
        extra={"request_id": scope["request_id"], "seconds": round(seconds, 6)},
    )
    answered(operation, status).inc()
    seconds_of(operation).observe(seconds)


@cache
def answered(operation: str, status: int) -> Counter:
    return ANSWERED.labels(operation, str(status))


@cache
def seconds_of(operation: str) -> Histogram:
    return SECONDS.labels(operation)


def request_id(headers: Headers) -> str:
    """The caller's own, when it looks like one."""
    given = headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else new_id()


def continued_trace(headers: Headers) -> str:
    """The caller's trace with a step of our own, or a new one (W3C Trace Context)."""
    given, fresh = headers.get("traceparent", ""), log.new_trace()
    if not TRACEPARENT.fullmatch(given):
        return fresh
    version, trace, _, flags = given.split("-")
    return "-".join((version, trace, fresh.split("-")[2], flags))
