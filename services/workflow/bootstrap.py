"""Wires the workflow service."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chassis.clock import Clock
from chassis.sealing.config import IndexedConfig
from chassis.service import RpcPart, Service
from services.workflow.config import Config

if TYPE_CHECKING:
    import sqlalchemy as sa

    from chassis.sealing.vault import Vault


def rpc(config: Config, clock: Clock) -> RpcPart:
    from chassis.answers import Answers
    from chassis.custody import Scopes
    from chassis.database import Engines, begin, engine
    from chassis.runner import Runner
    from chassis.subjects import by_custody
    from liheng.workflow.v1.workflow_pb2 import DESCRIPTOR
    from liheng.workflow.v1.workflow_pb2_grpc import add_WorkflowServiceServicer_to_server
    from services.workflow.adapters.database import SqlWorkflowWork
    from services.workflow.adapters.queries import WorkflowQueries
    from services.workflow.adapters.tables import custody
    from services.workflow.entrypoints.rpc import WorkflowServicer

    engines, theirs = Engines.of(config), vault(config, engine(config.database_url, connections=1))
    scopes = Scopes(engines.reads, custody.shares, clock)
    run = Runner(
        begin(engines.writes, lambda session: SqlWorkflowWork(session, theirs.sealer, scopes()))
    )
    queries = WorkflowQueries(engines.reads, theirs.sealer, scopes)
    servicer = WorkflowServicer(run, queries, clock, config.zone)

    def close() -> None:
        engines.close()
        theirs.close()

    return RpcPart(
        name="workflow",
        address=config.rpc_address,
        register=partial(add_WorkflowServiceServicer_to_server, servicer),
        services=(DESCRIPTOR.services_by_name["WorkflowService"].full_name,),
        ready=lambda: engines.reachable() and theirs.ready(),
        close=close,
        threads=config.rpc_threads,
        answers=Answers(engines.reads, scopes, by_custody(engines.reads, custody)),
    )


def events(config: Config, clock: Clock) -> type[Any]:
    from chassis.database import begin, engine
    from chassis.dependencies import bind
    from chassis.runner import Runner
    from chassis.scope import EVERYTHING
    from services.workflow.adapters.database import SqlWorkflowWork
    from services.workflow.entrypoints.events import WorkflowEvents

    writes = engine(config.database_url, connections=2)
    sealer = vault(config, engine(config.database_url, connections=1)).sealer
    run = Runner(begin(writes, partial(SqlWorkflowWork, sealer=sealer, scope=EVERYTHING)))
    return bind(WorkflowEvents, run=run, now=clock)


def vault(config: IndexedConfig, engine: "sa.Engine") -> "Vault":
    from chassis.sealing.vault import Vault
    from services.workflow.adapters.sealing import SEALED, index_keys

    indexed = index_keys(config.index_key, config.previous_index_key)
    return Vault(config, engine, SEALED, indexed)


def keys(argv: Sequence[str]) -> int:
    from chassis.sealing.vault import keys_command

    return keys_command("workflow", IndexedConfig, vault)(argv)


SERVICE = Service(
    name="workflow",
    config=Config,
    rpc=rpc,
    events=events,
    migrations=Path(__file__).parent / "migrations",
    commands={"keys": keys},
)
