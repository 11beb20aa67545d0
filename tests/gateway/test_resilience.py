"""A service that is away takes only its own routes with it, and is found again."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Event

import httpx
import pytest
from joserfc.jwk import OKPKey

from chassis import rpc
from chassis.identity import CallerVerifier
from chassis.service import RpcPart
from gateway.config import GatewayConfig
from tests.gateway.conftest import CONTRACTS
from tests.gateway.fakes import Answers, register
from tests.gateway.running import free_port, running
from tests.gateway.signing import Signing

PATIENCE = 10.0  # seconds


@pytest.fixture(scope="module")
def product_address() -> str:
    """Where the product service would be."""
    return f"127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def half_dead(
    config: GatewayConfig, product_address: str, signing: Signing
) -> Iterator[httpx.Client]:
    changed = replace(
        config, product_rpc_address=product_address, address=f"127.0.0.1:{free_port()}"
    )
    headers = {"Authorization": f"Bearer {signing.staff('adviser')}", "Accept-Language": "en"}
    with (
        running(changed) as url,
        httpx.Client(base_url=url, headers=headers, trust_env=False) as http,
    ):
        yield http


def test_a_dead_service_takes_only_its_own_routes_with_it(
    half_dead: httpx.Client, answers: Answers
) -> None:
    dead = half_dead.get("/v1/products")
    alive = half_dead.get("/v1/customers/c-1")

    assert (dead.status_code, dead.json()["code"]) == (503, "service_away")
    assert dead.headers["retry-after"] == "2"
    assert "product" in dead.json()["detail"]
    assert alive.status_code == 200


def test_a_service_is_found_again_when_it_is_back(
    half_dead: httpx.Client, product_address: str, answers: Answers, caller_key: OKPKey
) -> None:
    assert half_dead.get("/v1/products").status_code == 503
    part = RpcPart(
        name="product",
        address=product_address,
        register=register(answers, CONTRACTS["product"]),
        services=(),
        ready=lambda: True,
        close=lambda: None,
        threads=2,
    )

    back = rpc.start(part, CallerVerifier(json.dumps(caller_key.as_dict(private=False))))

    deadline = time.monotonic() + PATIENCE
    while half_dead.get("/v1/products").status_code != 200:
        assert time.monotonic() < deadline
        Event().wait(0.1)
    rpc.stop([back])
