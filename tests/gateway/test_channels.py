"""Channels over certificates that are replaced while calls go on."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import grpc
import httpx
import pytest
from joserfc.jwk import OKPKey

from chassis import rpc
from chassis.config import ConfigurationError
from chassis.identity import CallerVerifier
from chassis.service import RpcPart
from deploy.local.authority import found
from gateway.channels import open_channel
from gateway.config import GatewayConfig
from gateway.services import Services
from tests.certificates import Files, long_ago
from tests.gateway.conftest import CONTRACTS
from tests.gateway.fakes import Answers, register
from tests.gateway.running import free_port, running
from tests.gateway.signing import Signing

VERIFIER = CallerVerifier(json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=False)))
WHO = "/grpc.health.Who/Calls"  # needs no caller, as health checks do


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.channels.LOOKED_AT_EVERY", 0.05)
    monkeypatch.setattr("gateway.channels.READY_WITHIN", 0.5)


@pytest.fixture
def own(tmp_path: Path) -> Files:
    return Files(tmp_path / "gateway")


@pytest.fixture
def port(own: Files, tmp_path: Path) -> Iterator[int]:
    """A service that answers with the certificate of who calls."""

    def peer(request: bytes, context: grpc.ServicerContext) -> bytes:
        return bytes(context.auth_context()["x509_pem_cert"][0])

    def fill(server: grpc.Server) -> None:
        handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {
            "Calls": grpc.unary_unary_rpc_method_handler(peer)
        }
        generic = grpc.method_handlers_generic_handler("grpc.health.Who", handlers)
        server.add_generic_rpc_handlers((generic,))

    part = RpcPart("product", "127.0.0.1:0", fill, (), lambda: True, lambda: None)
    service = Files(tmp_path / "service", own.authority)
    started = rpc.start(part, VERIFIER, service.read())
    yield started.port
    rpc.stop([started])


Who = Callable[[], Awaitable[bytes]]


@asynccontextmanager
async def calling(port: int, own: Files) -> AsyncIterator[Who]:
    channel = open_channel(f"127.0.0.1:{port}", [], own.read())
    who: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(WHO)
    yield lambda: who(b"", timeout=5)
    await channel.close()


def same(pem: bytes, other: str) -> bool:
    return ssl.PEM_cert_to_DER_cert(pem.decode()) == ssl.PEM_cert_to_DER_cert(other)


def test_a_replaced_certificate_is_taken_and_no_call_fails(port: int, own: Files) -> None:
    async def ran() -> int:
        calls = 0
        async with calling(port, own) as who, asyncio.timeout(20):
            for _ in range(3):
                replaced = own.replace()
                while not same(await who(), replaced):
                    calls += 1
        return calls

    assert asyncio.run(ran()) > 0


def test_calls_under_way_end_on_the_channel_they_began_on(port: int, own: Files) -> None:
    async def ran() -> list[bytes]:
        async with calling(port, own) as who, asyncio.timeout(20):
            under_way = [who() for _ in range(20)]
            replaced = own.replace()
            while not same(await who(), replaced):
                under_way.append(who())
            return await asyncio.gather(*under_way)

    assert all(isinstance(answer, bytes) for answer in asyncio.run(ran()))


@pytest.mark.parametrize("spoil", ["expired", "of a stranger"])
def test_a_certificate_nobody_takes_changes_nothing(
    port: int, own: Files, spoil: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def ran() -> None:
        async with calling(port, own) as who, asyncio.timeout(20):
            before = await who()
            if spoil == "expired":
                own.replace(at=long_ago())
            else:
                own.replace(found("a stranger"))
            while "does not take" not in caplog.text:
                assert await who() == before
            mended = own.replace()
            while not same(await who(), mended):
                pass

    asyncio.run(ran())


def test_the_gateway_calls_services_over_mutual_tls(
    config: GatewayConfig, caller_key: OKPKey, own: Files, tmp_path: Path, signing: Signing
) -> None:
    part = RpcPart(
        "product",
        "127.0.0.1:0",
        register(Answers(), *CONTRACTS["product"]),
        (),
        lambda: True,
        lambda: None,
    )
    verifier = CallerVerifier(json.dumps(caller_key.as_dict(private=False)))
    service = rpc.start(part, verifier, Files(tmp_path / "service", own.authority).read())
    certificate, key, authority = map(str, own.paths)
    secured = replace(
        config,
        product_rpc_address=f"127.0.0.1:{service.port}",
        tls_certificate=certificate,
        tls_key=key,
        tls_authority=authority,
        address=f"127.0.0.1:{free_port()}",
    )

    with running(secured) as url:
        token = signing.system("client-app", "system")
        headers = {"Authorization": f"Bearer {token}"}
        answers = [
            httpx.get(f"{url}/v1/{path}", headers=headers, trust_env=False).status_code
            for path in ("products", "staff")
        ]

    rpc.stop([service])
    assert answers == [200, 503]  # the others speak in clear and are not talked to


def test_services_elsewhere_are_not_called_in_clear(config: GatewayConfig) -> None:
    exposed = replace(config, product_rpc_address="product.liheng.svc:9000")

    async def ran() -> None:
        Services(exposed)

    with pytest.raises(ConfigurationError, match=r"product\.liheng\.svc:9000 can be reached"):
        asyncio.run(ran())
