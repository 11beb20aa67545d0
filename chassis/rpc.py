"""The gRPC side of a service: verified callers, refusals as statuses, graceful stops."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from psycopg import InterfaceError, OperationalError
from psycopg.errors import QueryCanceled
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chassis import deadline, identity, log, versions
from chassis.answers import Answers
from chassis.errors import Refusal
from chassis.identity import METADATA_KEY, CallerVerifier, Unauthenticated
from chassis.once import Handler, Once
from chassis.service import RpcPart
from chassis.status import to_status
from chassis.tls import Certificates
from chassis.trail import Entry, code
from chassis.trail.refused import refusal, source_of

logger = logging.getLogger(__name__)

OPEN_TO_ALL = ("/grpc.health.", "/grpc.reflection.")
GRACE = 10.0  # seconds
LARGEST_MESSAGE = 4 * 1024 * 1024  # bytes
CONNECTION_AGE = 300_000  # milliseconds

if TYPE_CHECKING:
    MethodHandler = grpc.RpcMethodHandler[Any, Any]
    MakeHandler = Callable[..., MethodHandler]


class Border(grpc.ServerInterceptor):
    """Verifies the caller, then answers; what goes wrong becomes a status."""

    def __init__(
        self,
        verifier: CallerVerifier,
        answers: Answers | None = None,
        refused: Callable[[str, Entry], None] | None = None,
    ) -> None:
        self._verifier = verifier
        self._once = Once(answers)
        self._refused = refused
        self._guarded: dict[str, MethodHandler] = {}  # by method, of those there are

    def intercept_service(
        self,
        continuation: "Callable[[grpc.HandlerCallDetails], MethodHandler | None]",
        handler_call_details: grpc.HandlerCallDetails,
    ) -> "MethodHandler | None":
        method = handler_call_details.method
        if method in self._guarded:
            return self._guarded[method]
        handler = continuation(handler_call_details)
        if handler is None or method.startswith(OPEN_TO_ALL):
            return handler
        self._guarded[method] = self._wrapped(handler, method)
        return self._guarded[method]

    def _wrapped(self, handler: "MethodHandler", method: str) -> "MethodHandler":
        make, answer = _parts(handler, method)
        return make(
            self._guard(self._once(answer, method), method),
            handler.request_deserializer,
            _or_bytes(handler.response_serializer),
        )

    def _guard(self, answer: Handler, method: str) -> Handler:
        def guarded(request: Any, context: grpc.ServicerContext) -> Any:
            try:
                self._enter(context)
                return answer(request, context)
            except Exception as error:
                status = status_of(error)
                self._leave_a_trail(error, request, method, context)
            return context.abort_with_status(status)

        return guarded

    def _leave_a_trail(
        self, error: Exception, request: Any, method: str, context: grpc.ServicerContext
    ) -> None:
        entry = refusal(error, request, method) if self._refused else None
        if self._refused and entry:
            self._refused(source_of(context), entry)

    def _enter(self, context: grpc.ServicerContext) -> None:
        metadata = dict(context.invocation_metadata())
        log.trace.set(str(metadata.get("traceparent", "")) or log.new_trace())
        log.request_id.set(code(str(metadata.get("x-request-id", ""))))
        deadline.set_seconds_left(context.time_remaining())
        identity.set_caller(identity.NOBODY)  # a thread answers many, one after the other
        versions.set_seen(str(metadata.get(versions.METADATA_KEY, "")))
        token = metadata.get(METADATA_KEY)
        if not isinstance(token, str):
            raise Unauthenticated("no caller")
        identity.set_caller(self._verifier.verify(token))


def _parts(handler: "MethodHandler", method: str) -> "tuple[MakeHandler, Handler]":
    if handler.unary_unary:
        return grpc.unary_unary_rpc_method_handler, handler.unary_unary
    if handler.stream_unary:
        return grpc.stream_unary_rpc_method_handler, handler.stream_unary
    raise TypeError(f"{method} streams its answer; push goes over AMQP")


def _or_bytes(serialize: Callable[[Any], bytes] | None) -> Callable[[Any], bytes]:
    """Messages, and the bytes of those that were kept."""
    assert serialize is not None
    return lambda answer: answer if isinstance(answer, bytes) else serialize(answer)


class _Status(grpc.Status):
    def __init__(self, code: grpc.StatusCode, details: str) -> None:
        self.code = code
        self.details = details
        self.trailing_metadata = ()


def status_of(error: Exception) -> grpc.Status:
    """What the caller learns; never a stack trace."""
    if isinstance(error, Refusal):
        return to_status(error)
    if isinstance(error, Unauthenticated):
        return _Status(grpc.StatusCode.UNAUTHENTICATED, "the caller's identity was not accepted")
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, QueryCanceled):
        return _Status(grpc.StatusCode.DEADLINE_EXCEEDED, "out of time")
    if isinstance(cause, OperationalError | InterfaceError | PoolTimeout | ConnectionError):
        logger.warning("a dependency is away: %s", type(error).__name__)
        return _Status(grpc.StatusCode.UNAVAILABLE, "the service cannot reach what it depends on")
    logger.error("unexpected error", exc_info=error)
    return _Status(grpc.StatusCode.INTERNAL, "an error of ours; it has been logged")


@dataclass(frozen=True)
class Running:
    """A started server, and what it says of its health."""

    part: RpcPart
    server: grpc.Server
    states: health.HealthServicer
    port: int


def start(
    part: RpcPart, verifier: CallerVerifier, certificates: Certificates | None = None
) -> Running:
    """A server on the part's address, serving health and reflection beside it."""
    made = grpc.server(
        ThreadPoolExecutor(part.threads, thread_name_prefix=f"{part.name}-rpc"),
        interceptors=[Border(verifier, part.answers, part.refused)],
        options=[
            ("grpc.so_reuseport", 0),
            ("grpc.max_receive_message_length", LARGEST_MESSAGE),
            ("grpc.max_connection_age_ms", CONNECTION_AGE),
        ],
    )
    part.register(made)
    states = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(states, made)
    names = (*part.services, health.SERVICE_NAME, reflection.SERVICE_NAME)
    reflection.enable_server_reflection(names, made)
    port = _listen(made, part.address, certificates)
    made.start()
    for name in ("", *part.services):
        states.set(name, health_pb2.HealthCheckResponse.SERVING)
    return Running(part, made, states, port)


def _listen(server: grpc.Server, address: str, certificates: Certificates | None) -> int:
    """Each new connection gets the newest certificate, and must bring one of the authority's."""
    if certificates is None:
        return server.add_insecure_port(address)

    def offered() -> grpc.ServerCertificateConfiguration:
        pems = certificates.latest()
        pairs = [(pems.key, pems.certificate)]
        return grpc.ssl_server_certificate_configuration(pairs, pems.authority)

    credentials = grpc.dynamic_ssl_server_credentials(offered(), offered, True)
    return server.add_secure_port(address, credentials)


def stop(running: Sequence[Running]) -> None:
    """Take no new calls, finish those under way."""
    for one in running:
        one.states.enter_graceful_shutdown()
    for stopped in [one.server.stop(GRACE) for one in running]:
        stopped.wait()
    for one in running:
        one.part.close()
