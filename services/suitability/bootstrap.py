"""Wires the suitability service; each kind of process loads only what it needs."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from chassis.clock import Clock, system_clock
from chassis.config import ConfigurationError
from chassis.errors import Invalid
from chassis.service import RpcPart, Service
from services.suitability.config import SuitabilityConfig

if TYPE_CHECKING:
    import grpc
    import sqlalchemy as sa
    from google.protobuf.descriptor import FileDescriptor

    from chassis.database import Engines
    from chassis.runner import Runner
    from services.suitability.domain.institution import Institution
    from services.suitability.domain.packs import Packs
    from services.suitability.domain.questionnaires import Questionnaires

OFFLINE_ZONE = ZoneInfo("Asia/Shanghai")


def decide(argv: Sequence[str]) -> int:
    from services.suitability.entrypoints.cli import DecideLines
    from services.suitability.entrypoints.pack_cli import with_own_packs

    return with_own_packs(argv, _packs, lambda packs: DecideLines(packs, OFFLINE_ZONE))


def verify(argv: Sequence[str]) -> int:
    from services.suitability.entrypoints.cli import VerifyReceipt
    from services.suitability.entrypoints.pack_cli import with_own_packs

    return with_own_packs(argv, _packs, VerifyReceipt)


def pack(argv: Sequence[str]) -> int:
    from services.suitability.adapters.cases import cases_of
    from services.suitability.adapters.packs import load_document
    from services.suitability.entrypoints.pack_cli import PackCommand

    return PackCommand(load_document, cases_of, OFFLINE_ZONE)(argv)


def marketing(argv: Sequence[str]) -> int:
    from services.suitability.adapters.marketing_words import released_marketing_words
    from services.suitability.entrypoints.marketing_cli import MarketingCommand

    return MarketingCommand(released_marketing_words, OFFLINE_ZONE, system_clock)(argv)


def questionnaire(argv: Sequence[str]) -> int:
    from services.suitability.adapters.questionnaires import own_folder
    from services.suitability.entrypoints.questionnaire_cli import QuestionnaireCommand

    return QuestionnaireCommand(own_folder)(argv)


def _packs(switched_on: Sequence[str] = (), own: Path | None = None) -> "Packs":
    from services.suitability.adapters.packs import released_packs

    return released_packs(switched_on, own=own)


def institution(config: SuitabilityConfig, reads: "sa.Engine") -> "Institution":
    from services.suitability.adapters.marketing_words import released_marketing_words
    from services.suitability.adapters.packs import shipped_documents
    from services.suitability.adapters.released_packs import ReleasedPacks
    from services.suitability.domain.institution import Institution

    shipped = [document.read() for document in shipped_documents()]
    return Institution(
        licence=config.licence,
        packs=ReleasedPacks(reads, shipped, config.switched_on),
        questionnaires=_questionnaires(config.questionnaires),
        zone=config.zone,
        marketing_words=released_marketing_words(),
    )


def _questionnaires(own: str) -> "Questionnaires":
    from services.suitability.adapters.questionnaires import released_questionnaires

    try:
        return released_questionnaires(Path(own) if own else None)
    except Invalid as error:
        raise ConfigurationError(
            f"LIHENG_SUITABILITY_QUESTIONNAIRES: {error.en}\n{error.zh}"
        ) from None


def rpc(config: SuitabilityConfig, clock: Clock) -> RpcPart:
    from chassis.answers import Answers
    from chassis.custody import Scopes
    from chassis.database import Engines, begin
    from chassis.runner import Runner
    from chassis.subjects import by_custody
    from liheng.suitability.v1 import classes_pb2, packs_pb2, suitability_pb2
    from liheng.suitability.v1.classes_pb2_grpc import add_CustomerClassServiceServicer_to_server
    from liheng.suitability.v1.suitability_pb2_grpc import (
        add_SuitabilityServiceServicer_to_server,
    )
    from services.suitability.adapters.class_queries import ClassQueries
    from services.suitability.adapters.database import SqlSuitabilityWork
    from services.suitability.adapters.matching.live import LiveClients
    from services.suitability.adapters.queries import SuitabilityQueries
    from services.suitability.adapters.tables import custody
    from services.suitability.entrypoints.classes_rpc import CustomerClassServicer
    from services.suitability.entrypoints.rpc import SuitabilityServicer

    engines = Engines.of(config)
    ours = institution(config, engines.reads)
    _refuse_changed(engines, ours)
    scopes = Scopes(engines.reads, custody.shares, clock)
    run = Runner(begin(engines.writes, SqlSuitabilityWork))
    clients = LiveClients(engines.reads)
    clients.begin()
    queries = SuitabilityQueries(engines.reads, scopes)
    servicer = SuitabilityServicer(run, queries, scopes, clock, ours, clients)
    classes = CustomerClassServicer(run, ClassQueries(engines.reads, scopes), scopes, clock, ours)
    add_packs = pack_servicers(config, clock, engines.reads, run, ours)

    def register(server: "grpc.Server") -> None:
        add_SuitabilityServiceServicer_to_server(servicer, server)
        add_CustomerClassServiceServicer_to_server(classes, server)
        add_packs(server)

    def close() -> None:
        clients.stop()
        engines.close()

    return RpcPart(
        name="suitability",
        address=config.rpc_address,
        register=register,
        services=_named(suitability_pb2.DESCRIPTOR, packs_pb2.DESCRIPTOR, classes_pb2.DESCRIPTOR),
        ready=engines.reachable,
        close=close,
        threads=config.rpc_threads,
        answers=Answers(engines.reads, scopes, by_custody(engines.reads, custody)),
    )


def _refuse_changed(engines: "Engines", known: "Institution") -> None:
    """A version that was answered is never edited."""
    from services.suitability.adapters.answered import changed_since_answered
    from services.suitability.domain.questionnaires import changed_since

    changed = changed_since_answered(engines.reads, known.questionnaires)
    if changed:
        engines.close()
        told = [changed_since(version) for version in changed]
        raise ConfigurationError("\n".join(f"{each.en}\n{each.zh}" for each in told))


def _named(*contracts: "FileDescriptor") -> tuple[str, ...]:
    return tuple(
        service.full_name
        for contract in contracts
        for service in contract.services_by_name.values()
    )


def pack_servicers(
    config: SuitabilityConfig,
    clock: Clock,
    reads: "sa.Engine",
    run: "Runner[Any]",
    ours: "Institution",
) -> "Callable[[grpc.Server], None]":
    """Puts rule packs and their rehearsals on a server."""
    from datetime import timedelta

    from liheng.suitability.v1 import packs_pb2_grpc
    from services.suitability.adapters.pack_shelf import PackShelf
    from services.suitability.adapters.packs import shipped_documents
    from services.suitability.adapters.rehearsal_queries import RehearsalQueries
    from services.suitability.adapters.rule_pack_queries import RulePackQueries
    from services.suitability.entrypoints.packs_rpc import RulePackServicer
    from services.suitability.entrypoints.rehearsals_rpc import RehearsalServicer

    shelf = PackShelf(RulePackQueries(reads), shipped_documents())
    packs = RulePackServicer(run, shelf, clock, ours, timedelta(days=config.rehearsal_days))
    rehearsals = RehearsalServicer(run, RehearsalQueries(reads), shelf, clock, ours)

    def register(server: "grpc.Server") -> None:
        packs_pb2_grpc.add_RulePackServiceServicer_to_server(packs, server)
        packs_pb2_grpc.add_RehearsalServiceServicer_to_server(rehearsals, server)

    return register


def events(config: SuitabilityConfig, clock: Clock) -> type[Any]:
    from chassis.database import begin, engine, read_engine
    from chassis.dependencies import bind
    from chassis.runner import Runner
    from services.suitability.adapters.database import SqlSuitabilityWork
    from services.suitability.entrypoints.events import SuitabilityEvents

    writes = engine(config.database_url, connections=2)
    return bind(
        SuitabilityEvents,
        run=Runner(begin(writes, SqlSuitabilityWork)),
        now=clock,
        institution=institution(config, read_engine(config.database_url, connections=1)),
    )


SERVICE = Service(
    name="suitability",
    config=SuitabilityConfig,
    rpc=rpc,
    events=events,
    migrations=Path(__file__).parent / "migrations",
    commands={
        "decide": decide,
        "verify": verify,
        "pack": pack,
        "questionnaire": questionnaire,
        "marketing": marketing,
    },
)
