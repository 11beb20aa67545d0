"""One gateway for all tests, in front of fake services and a fake OpenID provider."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from google.protobuf.descriptor import ServiceDescriptor
from joserfc.jwk import OKPKey

from chassis import rpc
from chassis.config import Key
from chassis.identity import CallerVerifier
from chassis.service import RpcPart
from deploy.local.settings import CHECKOUT
from gateway.config import GatewayConfig
from liheng.analytics.v1 import analytics_pb2
from liheng.customer.v1 import customer_pb2
from liheng.operations.v1 import operations_pb2
from liheng.product.v1 import product_pb2
from liheng.recording.v1 import recording_pb2
from liheng.suitability.v1 import classes_pb2, packs_pb2, suitability_pb2
from liheng.trail.v1 import trail_pb2
from liheng.workflow.v1 import workflow_pb2
from tests.gateway.fakes import Answers, FakeProvider, register
from tests.gateway.hasty import hasty
from tests.gateway.running import free_port, running
from tests.gateway.signing import AUDIENCE, Signing
from tests.gateway.trail_in_memory import TrailInMemory

CONTRACTS: dict[str, tuple[ServiceDescriptor, ...]] = {
    "customer": (customer_pb2.DESCRIPTOR.services_by_name["CustomerService"],),
    "product": (product_pb2.DESCRIPTOR.services_by_name["ProductService"],),
    "suitability": (
        suitability_pb2.DESCRIPTOR.services_by_name["SuitabilityService"],
        packs_pb2.DESCRIPTOR.services_by_name["RulePackService"],
        packs_pb2.DESCRIPTOR.services_by_name["RehearsalService"],
        classes_pb2.DESCRIPTOR.services_by_name["CustomerClassService"],
    ),
    "recording": (recording_pb2.DESCRIPTOR.services_by_name["RecordingService"],),
    "workflow": (workflow_pb2.DESCRIPTOR.services_by_name["WorkflowService"],),
    "analytics": (analytics_pb2.DESCRIPTOR.services_by_name["AnalyticsService"],),
}

LAVISH = CHECKOUT / "deploy" / "local" / "limits.toml"
BUS = operations_pb2.DESCRIPTOR.services_by_name["OperationsService"]
TRAIL = trail_pb2.DESCRIPTOR.services_by_name["TrailService"]

__all__ = ["hasty"]

Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="session")
def caller_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


@pytest.fixture(scope="session")
def provider() -> Iterator[FakeProvider]:
    made = FakeProvider()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def signing(provider: FakeProvider) -> Signing:
    made = Signing(provider.issuer)
    provider.keys.append(made.public)
    return made


@pytest.fixture(scope="session")
def every_answer() -> Answers:
    return Answers()


@pytest.fixture(scope="session")
def addresses(every_answer: Answers, caller_key: OKPKey) -> Iterator[dict[str, str]]:
    """All six services, served and guarded by the same chassis as the real ones."""
    verifier = CallerVerifier(json.dumps(caller_key.as_dict(private=False)))
    parts = [
        RpcPart(
            name=name,
            address="127.0.0.1:0",
            register=register(every_answer, *contracts, BUS, TRAIL),
            services=tuple(contract.full_name for contract in contracts),
            ready=lambda: True,
            close=lambda: None,
            threads=2,
        )
        for name, contracts in CONTRACTS.items()
    ]
    servers = [rpc.start(part, verifier) for part in parts]
    yield {f"{one.part.name}_rpc_address": f"127.0.0.1:{one.port}" for one in servers}
    rpc.stop(servers)


@pytest.fixture(scope="session")
def config(
    addresses: dict[str, Any], caller_key: OKPKey, provider: FakeProvider, signing: Signing
) -> GatewayConfig:
    return GatewayConfig(
        **addresses,
        database_url="postgresql://nobody@127.0.0.1:1/none",
        amqp_url="amqp://nobody@127.0.0.1:1/none",
        sealing_key=Key(32),
        caller_signing_key=json.dumps(caller_key.as_dict(private=True)),
        oidc_issuer=provider.issuer,
        oidc_audience=AUDIENCE,
        cors_origins="https://console.example",
        budgets=str(LAVISH),
        address=f"127.0.0.1:{free_port()}",
        probe_port=0,
    )


@pytest.fixture(scope="session")
def own_trail() -> TrailInMemory:
    return TrailInMemory()


@pytest.fixture(scope="session")
def base_url(config: GatewayConfig, own_trail: TrailInMemory) -> Iterator[str]:
    with running(config, own_trail) as url:
        yield url


@pytest.fixture(scope="session")
def http(base_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base_url, trust_env=False) as client:
        yield client


@pytest.fixture
def answers(every_answer: Answers) -> Answers:
    every_answer.clear()
    return every_answer


@pytest.fixture
def ask(http: httpx.Client, signing: Signing, answers: Answers) -> Ask:
    """Ask as a member of staff in one role, or without a token when *role* is empty."""

    def asked(method: str, path: str, role: str = "adviser", **more: object) -> httpx.Response:
        headers = dict(more.pop("headers", {}))  # type: ignore[call-overload]
        if role in ("client_channel", "system"):
            headers["Authorization"] = f"Bearer {signing.system('client-app', role)}"
        elif role:
            headers["Authorization"] = f"Bearer {signing.staff(role)}"
        return http.request(method, f"/v1{path}", headers=headers, **more)  # type: ignore[arg-type]

    return asked
