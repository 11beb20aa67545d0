"""A service that is away takes only its own routes with it, and is found again."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Event

import httpx
import pytest
from joserfc.jwk import OKPKey

from chassis import rpc
from chassis.identity import CallerVerifier
from chassis.service import RpcPart
from gateway.config import GatewayConfig
from gateway.guard import FAILURES, LONGEST_PAUSE
from tests.gateway.conftest import CONTRACTS
from tests.gateway.fakes import Answers, register
from tests.gateway.running import free_port, running
from tests.gateway.signing import Signing

PATIENCE = 10.0  # seconds
DEAD = "/v1/analytics/product-sales"


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
        register=register(answers, *CONTRACTS["product"]),
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


@contextmanager
def hanging() -> Iterator[str]:
    """The address of somebody who takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=200) as silent:
        yield f"127.0.0.1:{silent.getsockname()[1]}"


@pytest.fixture(scope="module")
def mixed(config: GatewayConfig, signing: Signing) -> Iterator[str]:
    """A gateway whose product service hangs and whose analytics are dead."""
    with hanging() as silent:
        changed = replace(
            config,
            product_rpc_address=silent,
            analytics_rpc_address=f"127.0.0.1:{free_port()}",
            address=f"127.0.0.1:{free_port()}",
        )
        with running(changed) as url:
            yield url


def test_one_hanging_and_one_dead_service_make_nobody_wait_for_the_others(
    mixed: str, signing: Signing, answers: Answers
) -> None:
    """Of 200 requests to a healthy service, while 80 hang and a dead one is asked all along."""
    headers = {"Authorization": f"Bearer {signing.staff('adviser')}"}

    async def timed(http: httpx.AsyncClient, path: str) -> tuple[int, float]:
        began = time.monotonic()
        answer = await http.get(path, headers=headers)
        return answer.status_code, time.monotonic() - began

    async def measured() -> tuple[list[tuple[int, float]], list[tuple[int, float]], list[int]]:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(
            base_url=mixed, trust_env=False, timeout=60, limits=limits
        ) as http:
            hanging = [asyncio.create_task(timed(http, "/v1/products")) for _ in range(80)]
            dead = await asyncio.gather(*(timed(http, DEAD) for _ in range(20)))
            found: list[tuple[int, float]] = []
            for _ in range(50):
                four = [timed(http, "/v1/customers/c-1") for _ in range(4)]
                *quick, another = await asyncio.gather(*four, timed(http, DEAD))
                found += quick
                dead.append(another)
            hung = await asyncio.gather(*hanging)
        return found, hung, [status for status, _ in dead]

    found, hung, dead = asyncio.run(measured())

    assert {status for status, _ in found} == {200}
    assert {status for status, _ in hung} <= {503, 504}
    assert set(dead) <= {503, 504}
    assert max(seconds for _, seconds in found) < max(seconds for _, seconds in hung) / 2


def test_a_hanging_service_is_answered_for_at_once_after_some_waits(
    mixed: str, signing: Signing
) -> None:
    headers = {"Authorization": f"Bearer {signing.staff('adviser')}"}
    with httpx.Client(base_url=mixed, headers=headers, trust_env=False, timeout=60) as http:
        with ThreadPoolExecutor(FAILURES) as pool:
            list(pool.map(lambda _: http.get("/v1/products"), range(FAILURES)))
        began = time.monotonic()
        answer = http.get("/v1/products")

    assert (answer.status_code, answer.json()["code"]) == (503, "service_away")
    assert 1 <= int(answer.headers["retry-after"]) <= LONGEST_PAUSE
    assert time.monotonic() - began < 1.0
