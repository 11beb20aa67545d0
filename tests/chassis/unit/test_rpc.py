"""A service in the same process, called as the gateway would call it."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import grpc
import psycopg
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from joserfc import jwt
from joserfc.jwk import OKPKey, RSAKey
from sqlalchemy.exc import OperationalError

from chassis import deadline, rpc
from chassis.errors import Conflict, Fault, Forbidden, Invalid, NotFound, Refusal, RuleBroken
from chassis.identity import AUDIENCE, METADATA_KEY, Caller, CallerSigner, CallerVerifier, caller
from chassis.service import RpcPart
from chassis.status import to_refusal
from liheng.product.v1 import product_pb2 as pb
from liheng.product.v1 import product_pb2_grpc

KEY = OKPKey.generate_key("Ed25519")
SIGNER = CallerSigner(json.dumps(KEY.as_dict(private=True)))
VERIFIER = CallerVerifier(json.dumps(KEY.as_dict(private=False)))
ADA = Caller("s-ada", frozenset({"adviser"}), "t-1", "b-1")


class Products(product_pb2_grpc.ProductServiceServicer):
    def __init__(self, answer: Callable[[], str]) -> None:
        self._answer = answer

    def GetProduct(
        self, request: pb.GetProductRequest, context: grpc.ServicerContext
    ) -> pb.GetProductResponse:
        return pb.GetProductResponse(product=pb.Product(name=self._answer()))


@contextmanager
def service(answer: Callable[[], str]) -> Iterator[grpc.Channel]:
    part = RpcPart(
        name="product",
        address="127.0.0.1:0",
        register=lambda server: product_pb2_grpc.add_ProductServiceServicer_to_server(
            Products(answer),  # type: ignore[abstract]
            server,
        ),
        services=("liheng.product.v1.ProductService",),
        ready=lambda: True,
        close=lambda: None,
    )
    running = rpc.start(part, VERIFIER)
    with grpc.insecure_channel(f"127.0.0.1:{running.port}") as channel:
        yield channel
    rpc.stop([running])


WIRE_STEP = 0.01  # seconds; gRPC writes a timeout of some seconds rounded up to it


def get(channel: grpc.Channel, token: str | None = None, timeout: float = 5) -> str:
    metadata = ((METADATA_KEY, SIGNER.sign(ADA) if token is None else token),)
    stub = product_pb2_grpc.ProductServiceStub(channel)
    answer = stub.GetProduct(pb.GetProductRequest(), metadata=metadata, timeout=timeout)
    return answer.product.name


def refuse(error: Exception) -> Callable[[], str]:
    def answer() -> str:
        raise error

    return answer


def failure(channel: grpc.Channel, token: str | None = None) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        get(channel, token)
    return caught.value


def test_the_verified_caller_reaches_the_service() -> None:
    with service(lambda: f"{caller().staff_id} {sorted(caller().roles)}") as channel:
        assert get(channel) == "s-ada ['adviser']"


def test_time_left_reaches_the_service() -> None:
    with service(lambda: str(deadline.seconds_left())) as channel:
        assert 0 < float(get(channel, timeout=3)) <= 3 + WIRE_STEP


def forged(claims: dict[str, object] | None = None, key: OKPKey = KEY) -> str:
    """What the gateway says of Ada, but for *claims*."""
    told: dict[str, object] = {
        "aud": AUDIENCE,
        "sub": "s-ada",
        "roles": ["adviser"],
        "team": "t-1",
        "branch": "b-1",
        "system": "",
        "reach": "own",
        "sees": ["name"],
        "exp": int(time.time()) + 60,
    }
    return jwt.encode({"alg": "Ed25519"}, told | (claims or {}), key, algorithms=["Ed25519"])


def unsigned() -> str:
    _, claims, _ = forged().split(".")
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    return f"{head}.{claims}."


def changed() -> str:
    head, _, signature = forged().split(".")
    return f"{head}.{forged({'roles': ['auditor']}).split('.')[1]}.{signature}"


def test_a_token_made_as_the_gateway_makes_it_is_accepted() -> None:
    with service(lambda: "secret") as channel:
        assert get(channel, forged()) == "secret"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "garbage",
        "a.b.c",
        "x" * 7000,
        unsigned(),
        changed(),
        forged(key=OKPKey.generate_key("Ed25519")),
        forged({"exp": int(time.time()) - 1}),
        forged({"exp": None}),
        forged({"aud": "liheng"}),
        forged({"aud": None}),
        forged({"sub": ""}),
        forged({"roles": None}),
        forged({"reach": "everywhere"}),
    ],
    ids=[
        "empty",
        "garbage",
        "three parts",
        "huge",
        "unsigned",
        "changed",
        "wrong key",
        "expired",
        "without end",
        "meant for the gateway",
        "meant for nobody",
        "of nobody",
        "without roles",
        "of unknown reach",
    ],
)
def test_an_unknown_caller_is_turned_away_at_the_own_port(token: str) -> None:
    with service(lambda: "secret") as channel:
        assert failure(channel, token).code() is grpc.StatusCode.UNAUTHENTICATED


def test_a_token_of_the_identity_provider_is_no_caller() -> None:
    provider = RSAKey.generate_key(2048)
    token = jwt.encode({"alg": "RS256"}, {"sub": "s-ada", "aud": AUDIENCE}, provider)

    with service(lambda: "secret") as channel:
        assert failure(channel, token).code() is grpc.StatusCode.UNAUTHENTICATED


def test_a_call_without_identity_is_turned_away() -> None:
    with service(lambda: "secret") as channel, pytest.raises(grpc.RpcError) as caught:
        product_pb2_grpc.ProductServiceStub(channel).GetProduct(pb.GetProductRequest())

    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


@pytest.mark.parametrize("kind", [NotFound, Conflict, RuleBroken, Forbidden, Invalid])
def test_a_refusal_arrives_as_it_was_raised(kind: type[Refusal]) -> None:
    raised = kind("a_code", "say it", "说出来", rule="PF-05", field="amount")

    with service(refuse(raised)) as channel:
        error = failure(channel)

    assert isinstance(error, grpc.Call)
    arrived = to_refusal(error)
    assert type(arrived) is kind
    assert vars(arrived) == vars(raised)


def test_every_fault_of_an_input_arrives_as_far_as_headers_reach() -> None:
    raised = Invalid("a_code", "say it", "说出来", field="one")
    raised.faults = tuple(Fault(f"f-{n}", "must be a day " * 5, "须为日期" * 5) for n in range(99))

    with service(refuse(raised)) as channel:
        error = failure(channel)

    assert isinstance(error, grpc.Call)
    arrived = to_refusal(error)
    assert arrived is not None
    assert arrived.faults == raised.faults[: len(arrived.faults)]
    assert len(arrived.faults) > 10


def test_a_bug_is_not_told_to_the_caller(caplog: pytest.LogCaptureFixture) -> None:
    with service(refuse(ZeroDivisionError("the password is 1234"))) as channel:
        error = failure(channel)

    assert isinstance(error, grpc.Call)
    assert error.code() is grpc.StatusCode.INTERNAL
    assert "1234" not in (error.details() or "")
    assert to_refusal(error) is None
    assert "unexpected error" in caplog.text


def test_a_database_that_is_away_makes_the_service_unavailable() -> None:
    away = psycopg.OperationalError("the connection is closed")

    for told in (away, OperationalError("select 1", {}, away)):
        with service(refuse(told)) as channel:
            assert failure(channel).code() is grpc.StatusCode.UNAVAILABLE


def test_a_statement_that_took_too_long_is_out_of_time() -> None:
    canceled = psycopg.errors.QueryCanceled("canceling statement due to statement timeout")

    for told in (canceled, OperationalError("select 1", {}, canceled)):
        with service(refuse(told)) as channel:
            assert failure(channel).code() is grpc.StatusCode.DEADLINE_EXCEEDED


def test_health_needs_no_identity() -> None:
    with service(lambda: "") as channel:
        check = health_pb2_grpc.HealthStub(channel).Check  # type: ignore[attr-defined]
        answer = check(health_pb2.HealthCheckRequest(service="liheng.product.v1.ProductService"))

    assert answer.status == health_pb2.HealthCheckResponse.SERVING
