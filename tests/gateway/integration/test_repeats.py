"""From REST to PostgreSQL: the same POST twice has one effect and the same answer."""

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest
import sqlalchemy as sa
from joserfc.jwk import OKPKey

from chassis import rpc
from chassis.database import engine
from chassis.identity import CallerVerifier
from chassis.migrations import migrate
from gateway.config import GatewayConfig
from gateway.store.database import Store
from gateway.store.leavers import SqlLastWord
from gateway.store.processes import MIGRATIONS
from tests.chassis.ledger import ENTRIES, METADATA
from tests.chassis.till import part
from tests.gateway.running import free_port, running
from tests.gateway.signing import Signing

PATH = "/v1/customers/c-1/kyc-rejections"


@pytest.fixture(scope="module")
def database(create_database: Callable[[str], str]) -> Iterator[sa.Engine]:
    bound = engine(create_database("till"), connections=2)
    METADATA.create_all(bound)
    yield bound
    bound.dispose()


@pytest.fixture(scope="module")
def http(
    database: sa.Engine,
    config: GatewayConfig,
    caller_key: OKPKey,
    signing: Signing,
    create_database: Callable[[str], str],
) -> Iterator[httpx.Client]:
    """In front of a customer service that knows of no staff: only the register's last word does."""
    url = database.url.render_as_string(hide_password=False)
    verifier = CallerVerifier(json.dumps(caller_key.as_dict(private=False)))
    till = rpc.start(part(url), verifier)
    address, token = f"127.0.0.1:{till.port}", signing.staff("compliance")
    changed = replace(
        config,
        customer_rpc_address=address,
        database_url=nobody_left(create_database("gateway_repeats")),
        address=f"127.0.0.1:{free_port()}",
    )
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    with running(changed) as base, httpx.Client(base_url=base, headers=headers) as client:
        yield client
    rpc.stop([till])


def nobody_left(url: str) -> str:
    async def said() -> None:
        store = Store(url)
        await SqlLastWord(store).keep(frozenset())
        await store.close()

    migrate(url, MIGRATIONS)
    asyncio.run(said())
    return url


@pytest.fixture(autouse=True)
def emptied(database: sa.Engine) -> None:
    with database.begin() as connection:
        connection.execute(ENTRIES.delete())


def reject(http: httpx.Client, key: str, reason: str = "unreadable") -> httpx.Response:
    return http.post(PATH, json={"reason": reason}, headers={"Idempotency-Key": key})


def entries(database: sa.Engine) -> int:
    with database.connect() as connection:
        return connection.scalars(sa.select(sa.func.count()).select_from(ENTRIES)).one()


def test_the_second_answer_is_the_first_and_says_so(
    http: httpx.Client, database: sa.Engine
) -> None:
    first, second = reject(http, "the-same-key"), reject(http, "the-same-key")

    assert (first.status_code, second.status_code) == (204, 204)
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert entries(database) == 1


def test_a_broken_rule_is_told_again(http: httpx.Client) -> None:
    first, second = (
        reject(http, "a-broken-rule", "RuleBroken"),
        reject(http, "a-broken-rule", "RuleBroken"),
    )

    assert (first.status_code, first.json()["rule"]) == (422, "T-01")
    assert {**first.json(), "request_id": ""} == {**second.json(), "request_id": ""}
    assert second.headers["idempotency-replayed"] == "true"


def test_another_body_is_told_from_a_retry(http: httpx.Client) -> None:
    reject(http, "for-one-body")

    other = reject(http, "for-one-body", "smudged")

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_while_one_works_the_others_are_told_to_wait(
    http: httpx.Client, database: sa.Engine
) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: reject(http, "eight-at-once", "slowly"), range(8)))

    waiting = [answer for answer in answers if answer.status_code == 409]
    assert {answer.json()["code"] for answer in waiting} <= {"idempotency_in_flight"}
    assert {answer.headers["retry-after"] for answer in waiting} <= {"2"}
    assert {answer.status_code for answer in answers} <= {204, 409}
    assert entries(database) == 1
