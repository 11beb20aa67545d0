"""`make bench`: the benchmarks, against the stack, which is started and given clients first."""

from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local import journey, postgres, rabbitmq, stack
from deploy.local.clock import OffsetClock
from deploy.local.identity.tokens import token_for
from deploy.local.settings import Settings
from deploy.local.stack import Stack


def bench(settings: Settings) -> int:
    from bench import (
        bus,
        gateway,
        push,
        sealing,
        suitability_decisions,
        suitability_matching,
        suitability_zen,
        trail,
    )

    running = Stack.of(settings)
    stack.up(running)
    journey.walk(settings)
    gateway.measure(
        settings.url("gateway"),
        postgres.service_url(settings, running.secrets, "customer"),
        token_for,
        OffsetClock(settings.clock_offset),
        lambda by: journey.forward(settings, by),
        [running.supervisor.pid(name) for name in ("gateway", answering(settings))],
    )
    suitability_matching.measure()
    server = postgres.superuser_url(settings, running.secrets)
    for benchmark in (sealing, trail, suitability_decisions):
        with scratch_database(server) as url:
            benchmark.measure(url)
    suitability_zen.measure()
    with scratch_database(server) as url, scratch_vhost(running) as amqp_url:
        push.measure(url, amqp_url)
    with scratch_database(server) as url, scratch_vhost(running) as amqp_url:
        bus.measure(url, amqp_url)
    return 0


def answering(settings: Settings) -> str:
    """The program that answers for the customer service."""
    return "rpc-customer" if settings.split else "rpc"


@contextmanager
def scratch_database(server: str) -> Iterator[str]:
    """Its address; gone afterwards."""
    import psycopg
    from sqlalchemy import make_url

    name = "bench_scratch"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def scratch_vhost(running: Stack) -> Iterator[str]:
    """Its address; gone afterwards."""
    import httpx
    from sqlalchemy import make_url

    name, user = "bench-scratch", make_url(rabbitmq.url(running.settings, running.secrets))
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    api = rabbitmq.management_url(running.settings, running.secrets)
    with httpx.Client(base_url=api, trust_env=False) as client:
        client.put(f"/api/vhosts/{name}").raise_for_status()
        permissions = f"/api/permissions/{name}/{user.username}"
        client.put(permissions, json=everything).raise_for_status()
        yield user.set(database=name).render_as_string(hide_password=False)
        client.delete(f"/api/vhosts/{name}").raise_for_status()
