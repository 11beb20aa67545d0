"""Start an institution in this process: each service as its bootstrap wires it, and a gateway."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import grpc
import httpx
import pytest
import sqlalchemy as sa

from chassis import database as database_module
from chassis import rpc
from chassis.config import Key, Keys
from chassis.dependencies import Given, injected
from chassis.identity import CallerVerifier
from chassis.migrations import migrate
from chassis.operations.rpc import with_operations
from chassis.service import Service
from chassis.subscriptions import Subscription
from chassis.trail.rpc import with_trail
from gateway.config import GatewayConfig
from gateway.store import processes
from gateway.store.database import Store
from gateway.store.trail import SqlOwnTrail
from tests.gateway.running import free_port, running
from tests.noninterference.databases import Database
from tests.noninterference.ids import Clock
from tests.noninterference.stacks import PRIVATE, PUBLIC, Handlers, Running, Stack
from tests.servers import S3

SERVICES = ("customer", "product", "suitability", "workflow", "recording", "analytics")
SETTINGS: Mapping[str, Any] = {
    "master_keys": Keys(m1=b"m" * 32),
    "index_key": bytes(range(32)),
    "licence": "fund_distributor",
}


def _handlers(service: Service[Any], config: Any, clock: Clock) -> tuple[Any, Handlers]:
    bound = service.events(config, clock)
    places = {name: place.value for name, place in _given(bound)}
    by_type = {
        event_type: (name, entrypoint)
        for name in dir(bound)
        for entrypoint in getattr(getattr(bound, name), "nameko_entrypoints", ())
        if isinstance(entrypoint, Subscription)
        for event_type in entrypoint.types
    }
    return injected(bound, **places), by_type


def _given(bound: type[Any]) -> Iterator[tuple[str, Given]]:
    for name in dir(bound):
        place = getattr(bound, name)
        if isinstance(place, Given):
            yield name, place


@dataclass(frozen=True)
class Servers:
    """Make an empty database, an empty vhost; a bucket."""

    database: Callable[[str], str]
    vhost: Callable[[str], str]
    s3: S3


@contextmanager
def service_running(
    name: str, create: Callable[[str], str], s3: S3, clock: Clock
) -> Iterator[Running]:
    service: Service[Any] = import_module(f"services.{name}.bootstrap").SERVICE
    url = create(name)
    migrate(url, service.migrations)
    config = _config(service.config, url, s3)
    part = with_trail(with_operations(service.rpc(config, clock), config), url)
    server = rpc.start(part, CallerVerifier(PUBLIC))
    with _remembered_engines() as engines:
        handlers, by_type = _handlers(service, config, clock)
    database = Database(url)
    address = f"127.0.0.1:{server.port}"
    try:
        with grpc.insecure_channel(address) as channel:
            yield Running(name, database, channel, address, handlers, by_type)
    finally:
        rpc.stop([server])
        for one in (*engines, database.engine):
            one.dispose()


@contextmanager
def _remembered_engines() -> Iterator[list[sa.Engine]]:
    """An events process ends with its engines; here they have to be let go."""
    made: list[sa.Engine] = []

    def remembering(make: Callable[..., sa.Engine]) -> Callable[..., sa.Engine]:
        def remembered(*asked: Any, **more: Any) -> sa.Engine:
            made.append(make(*asked, **more))
            return made[-1]

        return remembered

    with pytest.MonkeyPatch.context() as patch:
        for name in ("engine", "read_engine"):
            make = getattr(database_module, name)
            patch.setattr(database_module, name, remembering(make))
        yield made


def _config(kind: type[Any], url: str, s3: S3) -> Any:
    own = {name: value for name, value in SETTINGS.items() if name in kind.__dataclass_fields__}
    if "s3_endpoint" in kind.__dataclass_fields__:
        own |= {f"s3_{name}": value for name, value in vars(s3).items()}
    return kind(
        database_url=url,
        amqp_url="amqp://nobody@127.0.0.1:1/none",
        rpc_address="127.0.0.1:0",
        caller_key=PUBLIC,
        rpc_threads=2,
        **own,
    )


@contextmanager
def stack_running(servers: Servers, issuer: str, audience: str) -> Iterator[Stack]:
    clock = Clock()
    with ExitStack() as living:
        services = {
            name: living.enter_context(service_running(name, servers.database, servers.s3, clock))
            for name in SERVICES
        }
        database = Database(_gateway_database(servers))
        living.callback(database.engine.dispose)
        trust = {"oidc_issuer": issuer, "oidc_audience": audience}
        stack = Stack(services, database, trust, clock)
        with gateway_running(stack, servers.vhost("quiet")) as http:
            stack.http = http
            yield stack


def _gateway_database(servers: Servers) -> str:
    url = servers.database("gateway")
    migrate(url, processes.MIGRATIONS)
    return url


@contextmanager
def trail_kept(database_url: str) -> Iterator[SqlOwnTrail]:
    store = Store(database_url)
    try:
        yield SqlOwnTrail(store)
    finally:
        asyncio.run(store.close())


@contextmanager
def gateway_running(stack: Stack, amqp_url: str) -> Iterator[httpx.Client]:
    """One that has heard nothing yet."""
    addresses: dict[str, Any] = {
        f"{name}_rpc_address": one.address for name, one in stack.services.items()
    }
    config = GatewayConfig(
        **addresses,
        **stack.trust,
        database_url=stack.gateway_database.url,
        amqp_url=amqp_url,
        sealing_key=Key(32),
        caller_signing_key=PRIVATE,
        address=f"127.0.0.1:{free_port()}",
        probe_port=0,
    )
    with (
        trail_kept(config.database_url) as own,
        running(config, own) as base,
        httpx.Client(base_url=f"{base}/v1", trust_env=False, timeout=30) as http,
    ):
        yield http
