"""Wires the customer service."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chassis.clock import Clock
from chassis.service import RpcPart, Service
from services.customer.config import Config

if TYPE_CHECKING:
    from services.customer.adapters.sealing import Sealer


def rpc(config: Config, clock: Clock) -> RpcPart:
    from datetime import timedelta

    from chassis.answers import Answers
    from chassis.custody import Scopes
    from chassis.database import Engines, begin
    from chassis.runner import Runner
    from liheng.customer.v1.customer_pb2 import DESCRIPTOR
    from liheng.customer.v1.customer_pb2_grpc import add_CustomerServiceServicer_to_server
    from services.customer.adapters.database import SqlCustomerWork
    from services.customer.adapters.queries import CustomerQueries
    from services.customer.adapters.tables import shares
    from services.customer.entrypoints.registers_rpc import Settings
    from services.customer.entrypoints.rpc import CustomerServicer
    from services.customer.entrypoints.writing import CustomerWriter

    engines, sealing = Engines.of(config), sealer(config)
    scopes = Scopes(engines.reads, shares, clock)
    servicer = CustomerServicer(
        Runner(
            begin(engines.writes, lambda session: SqlCustomerWork(session, sealing, scope=scopes()))
        ),
        CustomerQueries(engines.reads, sealing, scopes),
        CustomerWriter(sealing),
        clock,
        Settings(
            zone=config.zone,
            largest_book=config.largest_book,
            kyc_valid_for=timedelta(days=config.kyc_valid_days),
        ),
    )
    return RpcPart(
        name="customer",
        address=config.rpc_address,
        register=partial(add_CustomerServiceServicer_to_server, servicer),
        services=(DESCRIPTOR.services_by_name["CustomerService"].full_name,),
        ready=engines.reachable,
        close=engines.close,
        threads=config.rpc_threads,
        answers=Answers(engines.reads),
    )


def events(config: Config, clock: Clock) -> type[Any]:
    from chassis.database import begin, engine
    from chassis.dependencies import bind
    from chassis.runner import Runner
    from services.customer.adapters.database import SqlCustomerWork
    from services.customer.entrypoints.events import CustomerEvents

    writes = engine(config.database_url, connections=2)
    run = Runner(begin(writes, partial(SqlCustomerWork, sealer=sealer(config))))
    return bind(CustomerEvents, run=run, now=clock, zone=config.zone)


def sealer(config: Config) -> "Sealer":
    from services.customer.adapters.sealing import Sealer

    keys = {config.field_key_id: config.field_key}
    return Sealer(keys, config.field_key_id, config.index_key)


SERVICE = Service(
    name="customer",
    config=Config,
    rpc=rpc,
    events=events,
    migrations=Path(__file__).parent / "migrations",
)
