"""Wires the analytics service."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from chassis.clock import Clock
from chassis.service import RpcPart, Service
from services.analytics.config import Config


def rpc(config: Config, clock: Clock) -> RpcPart:
    from chassis.answers import Answers
    from chassis.database import Engines
    from liheng.analytics.v1.analytics_pb2 import DESCRIPTOR
    from liheng.analytics.v1.analytics_pb2_grpc import add_AnalyticsServiceServicer_to_server
    from services.analytics.adapters.queries import AnalyticsQueries
    from services.analytics.entrypoints.rpc import AnalyticsServicer

    engines = Engines.of(config)
    servicer = AnalyticsServicer(AnalyticsQueries(engines.reads), clock, config.zone)
    return RpcPart(
        name="analytics",
        address=config.rpc_address,
        register=partial(add_AnalyticsServiceServicer_to_server, servicer),
        services=(DESCRIPTOR.services_by_name["AnalyticsService"].full_name,),
        ready=engines.reachable,
        close=engines.close,
        threads=config.rpc_threads,
        answers=Answers(engines.reads),
    )


def events(config: Config, clock: Clock) -> type[Any]:
    from chassis.database import begin, engine
    from chassis.dependencies import bind
    from chassis.runner import BatchRunner
    from services.analytics.adapters.database import SqlAnalyticsWork
    from services.analytics.entrypoints.events import AnalyticsEvents

    writes = engine(config.database_url, connections=2)
    return bind(
        AnalyticsEvents,
        run=BatchRunner(begin(writes, SqlAnalyticsWork)),
        now=clock,
        zone=config.zone,
    )


def rebuild(argv: Sequence[str]) -> int:
    import os

    from chassis.config import read
    from services.analytics.adapters.rebuilding import forget_everything
    from services.analytics.entrypoints.events import AnalyticsEvents
    from services.analytics.entrypoints.rebuild_cli import Rebuild

    config = read(Config, "analytics", os.environ)
    forget = partial(forget_everything, config.database_url)
    return Rebuild(forget, AnalyticsEvents, os.environ)(argv)


SERVICE = Service(
    name="analytics",
    config=Config,
    rpc=rpc,
    events=events,
    migrations=Path(__file__).parent / "migrations",
    commands={"rebuild": rebuild},
)
