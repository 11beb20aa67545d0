"""Wires the analytics service."""

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
    from chassis.runner import Runner
    from services.analytics.adapters.database import SqlAnalyticsWork
    from services.analytics.entrypoints.events import AnalyticsEvents

    writes = engine(config.database_url, connections=2)
    return bind(
        AnalyticsEvents,
        run=Runner(begin(writes, SqlAnalyticsWork)),
        now=clock,
        zone=config.zone,
    )


SERVICE = Service(
    name="analytics",
    config=Config,
    rpc=rpc,
    events=events,
    migrations=Path(__file__).parent / "migrations",
)
