"""Wires the recording service; each kind of process loads only what it needs."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chassis.clock import Clock
from chassis.sealing.config import SealingConfig
from chassis.service import RpcPart, Service
from services.recording.config import BucketConfig, Config

if TYPE_CHECKING:
    import sqlalchemy as sa

    from chassis.sealing.vault import Vault
    from services.recording.adapters.bucket import Bucket


def rpc(config: Config, clock: Clock) -> RpcPart:
    from chassis.answers import Answers
    from chassis.custody import Scopes
    from chassis.database import Engines, begin, engine
    from chassis.runner import Runner
    from chassis.subjects import by_custody
    from liheng.recording.v1.recording_pb2 import DESCRIPTOR
    from liheng.recording.v1.recording_pb2_grpc import add_RecordingServiceServicer_to_server
    from services.recording.adapters.database import SqlRecordingWork
    from services.recording.adapters.object_store import S3Evidence
    from services.recording.adapters.queries import RecordingQueries
    from services.recording.adapters.tables import custody
    from services.recording.domain.institution import Institution
    from services.recording.entrypoints.rpc import RecordingServicer, Settings

    settings = Settings(Institution(config.own_licence, config.zone), config.largest_segment)
    engines, evidence = Engines.of(config), S3Evidence(bucket_of(config))
    scopes = Scopes(engines.reads, custody.shares, clock)
    theirs = vault(config, engine(config.database_url, connections=1))
    sealer = theirs.sealer
    run = Runner(begin(engines.writes, lambda session: SqlRecordingWork(session, sealer, scopes())))
    queries = RecordingQueries(engines.reads, sealer, scopes)
    servicer = RecordingServicer(run, evidence, queries, clock, settings)

    def close() -> None:
        engines.close()
        theirs.close()
        evidence.close()

    return RpcPart(
        name="recording",
        address=config.rpc_address,
        register=partial(add_RecordingServiceServicer_to_server, servicer),
        services=(DESCRIPTOR.services_by_name["RecordingService"].full_name,),
        ready=lambda: engines.reachable() and theirs.ready() and evidence.ready(),
        close=close,
        threads=config.rpc_threads,
        answers=Answers(engines.reads, scopes, by_custody(engines.reads, custody)),
    )


def events(config: Config, clock: Clock) -> type[Any]:
    from chassis.database import begin, engine
    from chassis.dependencies import bind
    from chassis.runner import Runner
    from chassis.scope import EVERYTHING
    from services.recording.adapters.database import SqlRecordingWork
    from services.recording.adapters.object_store import S3Evidence
    from services.recording.entrypoints.events import RecordingEvents
    from services.recording.usecases.sweep_uploads import sweep_uploads

    writes = engine(config.database_url, connections=2)
    sealer = vault(config, engine(config.database_url, connections=1)).sealer
    run = Runner(begin(writes, partial(SqlRecordingWork, sealer=sealer, scope=EVERYTHING)))
    sweep = partial(sweep_uploads, run=run, evidence=S3Evidence(bucket_of(config)))
    return bind(RecordingEvents, run=run, now=clock, sweep=sweep)


def vault(config: SealingConfig, engine: "sa.Engine") -> "Vault":
    from chassis.sealing.vault import Vault
    from services.recording.adapters.sealing import SEALED

    return Vault(config, engine, SEALED)


def keys(argv: Sequence[str]) -> int:
    from chassis.sealing.vault import keys_command

    return keys_command("recording", SealingConfig, vault)(argv)


def bucket_of(config: BucketConfig) -> "Bucket":
    from services.recording.adapters.bucket import Bucket

    return Bucket(
        endpoint=config.s3_endpoint,
        access_key=config.s3_access_key,
        secret_key=config.s3_secret_key,
        name=config.s3_bucket,
        region=config.s3_region,
        public_endpoint=config.s3_public_endpoint,
    )


def retention(argv: Sequence[str]) -> int:
    from services.recording.entrypoints.cli import RetentionLines

    return RetentionLines()(argv)


def bucket(argv: Sequence[str]) -> int:
    from chassis.config import read
    from services.recording.entrypoints.make_bucket import MakeBucket

    return MakeBucket(lambda: bucket_of(read(BucketConfig, "recording", os.environ)))(argv)


SERVICE = Service(
    name="recording",
    config=Config,
    rpc=rpc,
    events=events,
    migrations=Path(__file__).parent / "migrations",
    commands={"keys": keys, "retention": retention, "bucket": bucket},
)
