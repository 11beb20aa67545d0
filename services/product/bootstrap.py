"""Wires the product service."""

from functools import partial
from pathlib import Path
from typing import Any

from chassis.clock import Clock
from chassis.service import RpcPart, Service
from services.product.config import Config


def rpc(config: Config, clock: Clock) -> RpcPart:
    from chassis.answers import Answers
    from chassis.database import Engines, begin
    from chassis.runner import Runner
    from liheng.product.v1.product_pb2 import DESCRIPTOR
    from liheng.product.v1.product_pb2_grpc import add_ProductServiceServicer_to_server
    from services.product.adapters.database import SqlProductWork
    from services.product.adapters.queries import ProductQueries
    from services.product.entrypoints.rpc import ProductServicer

    engines = Engines.of(config)
    run = Runner(begin(engines.writes, SqlProductWork))
    servicer = ProductServicer(run, ProductQueries(engines.reads), clock, config.zone)
    return RpcPart(
        name="product",
        address=config.rpc_address,
        register=partial(add_ProductServiceServicer_to_server, servicer),
        services=(DESCRIPTOR.services_by_name["ProductService"].full_name,),
        ready=engines.reachable,
        close=engines.close,
        threads=config.rpc_threads,
        answers=Answers(engines.reads),
    )


def events(config: Config, clock: Clock) -> type[Any]:
    from chassis.database import begin, engine
    from chassis.dependencies import bind
    from chassis.runner import Runner
    from services.product.adapters.database import SqlProductWork
    from services.product.entrypoints.events import ProductEvents

    writes = engine(config.database_url, connections=2)
    run = Runner(begin(writes, SqlProductWork))
    return bind(ProductEvents, run=run, zone=config.zone)


SERVICE = Service(
    name="product",
    config=Config,
    rpc=rpc,
    events=events,
    migrations=Path(__file__).parent / "migrations",
)
