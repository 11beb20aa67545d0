"""Wires the workflow service."""

from functools import partial
from pathlib import Path
from typing import Any

from chassis.clock import Clock
from chassis.service import RpcPart, Service
from services.workflow.config import Config


def rpc(config: Config, clock: Clock) -> RpcPart:
    from chassis.answers import Answers
    from chassis.custody import Scopes
    from chassis.database import Engines, begin
    from chassis.runner import Runner
    from liheng.workflow.v1.workflow_pb2 import DESCRIPTOR
    from liheng.workflow.v1.workflow_pb2_grpc import add_WorkflowServiceServicer_to_server
    from services.workflow.adapters.database import SqlWorkflowWork
    from services.workflow.adapters.queries import WorkflowQueries
    from services.workflow.adapters.tables import custody
    from services.workflow.entrypoints.rpc import WorkflowServicer

    engines = Engines.of(config)
    scopes = Scopes(engines.reads, custody.shares, clock)
    run = Runner(begin(engines.writes, lambda session: SqlWorkflowWork(session, scopes())))
    queries = WorkflowQueries(engines.reads, scopes)
    servicer = WorkflowServicer(run, queries, clock, config.zone)
    return RpcPart(
        name="workflow",
        address=config.rpc_address,
        register=partial(add_WorkflowServiceServicer_to_server, servicer),
        services=(DESCRIPTOR.services_by_name["WorkflowService"].full_name,),
        ready=engines.reachable,
        close=engines.close,
        threads=config.rpc_threads,
        answers=Answers(engines.reads, scopes),
    )


def events(config: Config, clock: Clock) -> type[Any]:
    from chassis.database import begin, engine
    from chassis.dependencies import bind
    from chassis.runner import Runner
    from chassis.scope import EVERYTHING
    from services.workflow.adapters.database import SqlWorkflowWork
    from services.workflow.entrypoints.events import WorkflowEvents

    writes = engine(config.database_url, connections=2)
    run = Runner(begin(writes, partial(SqlWorkflowWork, scope=EVERYTHING)))
    return bind(WorkflowEvents, run=run, now=clock)


SERVICE = Service(
    name="workflow",
    config=Config,
    rpc=rpc,
    events=events,
    migrations=Path(__file__).parent / "migrations",
)
