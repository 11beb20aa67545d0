"""The six services and an OpenID provider, as small as tests allow, on real sockets."""

import json
import threading
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from chassis import identity
from chassis.errors import Refusal
from chassis.identity import Caller
from gateway.leavers import GATEWAY
from liheng.customer.v1 import customer_pb2

Answer = Message | Exception | Callable[[list[Any]], Message]


@dataclass(frozen=True)
class Call:
    """What reached a service."""

    method: str
    messages: list[Any]
    caller: Caller
    metadata: dict[str, str]
    seconds_left: float

    @property
    def request(self) -> Any:
        return self.messages[0]


@dataclass
class Answers:
    """What the services answer, by method name; an empty message unless told otherwise."""

    given: dict[str, Answer] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    left: set[str] = field(default_factory=set)  # staff who are not active, as the gateway asks

    def clear(self) -> None:
        self.given.clear()
        self.calls.clear()

    @property
    def last(self) -> Call:
        return self.calls[-1]

    def to(self, method: str, messages: list[Any], context: grpc.ServicerContext) -> Message | None:
        metadata = {name: str(value) for name, value in context.invocation_metadata()}
        left = context.time_remaining()
        if identity.caller() == GATEWAY:
            staff = [customer_pb2.Staff(staff_id=one) for one in sorted(self.left)]
            return customer_pb2.ListStaffResponse(staff=staff)
        self.calls.append(Call(method, messages, identity.caller(), metadata, left))
        answer = self.given.get(method)
        if isinstance(answer, Refusal):
            raise answer
        if isinstance(answer, Exception):
            raise answer
        return answer(messages) if callable(answer) else answer


def register(answers: Answers, *contracts: ServiceDescriptor) -> Callable[[grpc.Server], None]:
    """Every method of these services, answered from *answers*."""

    def fill(server: grpc.Server) -> None:
        for contract in contracts:
            handlers = {method.name: _handler(method, answers) for method in contract.methods}
            generic = grpc.method_handlers_generic_handler(contract.full_name, handlers)
            server.add_generic_rpc_handlers((generic,))

    return fill


def _handler(method: Any, answers: Answers) -> Any:
    asked, answered = GetMessageClass(method.input_type), GetMessageClass(method.output_type)

    def one(request: Message, context: grpc.ServicerContext) -> Message:
        return answers.to(method.name, [request], context) or answered()

    def many(requests: Any, context: grpc.ServicerContext) -> Message:
        return answers.to(method.name, list(requests), context) or answered()

    if method.client_streaming:
        return grpc.stream_unary_rpc_method_handler(
            many, asked.FromString, answered.SerializeToString
        )
    return grpc.unary_unary_rpc_method_handler(one, asked.FromString, answered.SerializeToString)


class FakeProvider:
    """Discovery, keys and introspection over HTTP, counting how often it is asked for keys."""

    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] = []
        self.revoked: set[str] = set()
        self.asked = 0
        self.credentials = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _told(self, path: str) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "jwks_uri": f"{self.issuer}/keys",
                "introspection_endpoint": f"{self.issuer}/introspect",
            }
        self.asked += 1
        return {"keys": self.keys}

    def _introspected(self, form: dict[str, list[str]], authorization: str) -> dict[str, Any]:
        self.credentials = b64decode(authorization.removeprefix("Basic ")).decode()
        return {"active": form["token"][0] not in self.revoked}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.tell(provider._told(self.path))

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.tell(provider._introspected(form, self.headers["Authorization"]))

            def tell(self, told: dict[str, Any]) -> None:
                body = json.dumps(told).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Tests read assertions, not access logs."""

        return Handler
