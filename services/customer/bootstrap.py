"""Wires the customer service."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chassis.clock import Clock
from chassis.service import RpcPart, Service
from services.customer.config import Config, KeysConfig

if TYPE_CHECKING:
    import sqlalchemy as sa

    from chassis.sealing.vault import Vault


def rpc(config: Config, clock: Clock) -> RpcPart:
    from datetime import timedelta

    from chassis.answers import Answers
    from chassis.custody import Scopes
    from chassis.database import Engines, begin, engine
    from chassis.runner import Runner
    from liheng.customer.v1.customer_pb2 import DESCRIPTOR
    from liheng.customer.v1.customer_pb2_grpc import add_CustomerServiceServicer_to_server
    from services.customer.adapters.database import SqlCustomerWork
    from services.customer.adapters.queries import CustomerQueries
    from services.customer.adapters.scoping import sees_all
    from services.customer.adapters.tables import shares
    from services.customer.entrypoints.registers_rpc import Settings
    from services.customer.entrypoints.rpc import CustomerServicer
    from services.customer.entrypoints.writing import CustomerWriter

    engines, theirs = Engines.of(config), vault(config, engine(config.database_url, connections=1))
    sealing = theirs.sealer
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
            longest_grant=timedelta(days=config.longest_grant_days),
        ),
    )

    def close() -> None:
        engines.close()
        theirs.close()

    return RpcPart(
        name="customer",
        address=config.rpc_address,
        register=partial(add_CustomerServiceServicer_to_server, servicer),
        services=(DESCRIPTOR.services_by_name["CustomerService"].full_name,),
        ready=lambda: engines.reachable() and theirs.ready(),
        close=close,
        threads=config.rpc_threads,
        answers=Answers(engines.reads, scopes, sees_all(engines.reads)),
    )


def events(config: Config, clock: Clock) -> type[Any]:
    from chassis.database import begin, engine
    from chassis.dependencies import bind
    from chassis.runner import Runner
    from services.customer.adapters.database import SqlCustomerWork
    from services.customer.entrypoints.events import CustomerEvents

    writes = engine(config.database_url, connections=2)
    sealing = vault(config, engine(config.database_url, connections=1)).sealer
    run = Runner(begin(writes, partial(SqlCustomerWork, sealer=sealing)))
    return bind(CustomerEvents, run=run, now=clock, zone=config.zone)


def vault(config: KeysConfig, engine: "sa.Engine") -> "Vault":
    from chassis.sealing.data_keys import first_key
    from chassis.sealing.vault import Vault
    from services.customer.adapters.sealed_columns import SEALED
    from services.customer.adapters.sealing import index_keys

    indexed = index_keys(config.index_key, config.previous_index_key)
    first = first_key(config.field_key_id, config.field_key)
    return Vault(config, engine, SEALED, indexed, first)


def keys(argv: Sequence[str]) -> int:
    from chassis.sealing.vault import keys_command

    return keys_command("customer", KeysConfig, vault)(argv)


SERVICE = Service(
    name="customer",
    config=Config,
    rpc=rpc,
    events=events,
    migrations=Path(__file__).parent / "migrations",
    commands={"keys": keys},
)
