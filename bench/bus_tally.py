"""The service whose events `make bench` counts: it writes down what it is told."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.bus_service import ENTRY
from chassis.database import SqlWork, begin, engine
from chassis.dependencies import Given, RunUseCase, bind
from chassis.event_host import Hosted, host
from chassis.mailbox import mailbox_tables
from chassis.runner import BatchRunner
from chassis.subscriptions import Meta, Told, batch, subscribe
from liheng.customer.v1.events_pb2 import KycApproved

METADATA = sa.MetaData()
MAILBOX = mailbox_tables(METADATA)
ENTRIES = sa.Table(
    "entries",
    METADATA,
    sa.Column("number", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column(
        "written_at",
        sa.DateTime(timezone=True),
        nullable=False,
        server_default=sa.func.clock_timestamp(),
    ),
)

ONE = sa.text(ENTRY)  # as the plain service writes it

# A column each: a statement for a hundred rows costs little more than one for one.
IN_BULK = sa.text("""
INSERT INTO entries (subject, sequence, told_at)
SELECT * FROM unnest(
    CAST(:subjects AS text[]), CAST(:sequences AS bigint[]), CAST(:moments AS timestamptz[])
)
""")


class TallyWork(SqlWork[Any]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, MAILBOX, lambda event: event, "tally")


@dataclass(frozen=True)
class Entry:
    subject: str
    sequence: int
    told_at: datetime

    @classmethod
    def of(cls, meta: Meta) -> "Entry":
        return cls(meta.subject, meta.sequence, meta.time)


def write(entry: Entry, work: TallyWork) -> None:
    work.session.execute(ONE, vars(entry))


def write_all(entries: Sequence[Entry], work: TallyWork) -> None:
    work.session.execute(IN_BULK, columns(entries))


def columns(entries: Sequence[Entry]) -> dict[str, list[Any]]:
    return {
        "subjects": [entry.subject for entry in entries],
        "sequences": [entry.sequence for entry in entries],
        "moments": [entry.told_at for entry in entries],
    }


class OneByOne:
    name = "tally"

    run = RunUseCase()
    count = Given()

    @subscribe(KycApproved)
    def approved(self, event: KycApproved, meta: Meta) -> None:
        self.count.begin()
        self.run(write, Entry.of(meta), once=meta.event_id)
        self.count.applied()


class InBatches:
    name = "tally"

    run = RunUseCase()
    count = Given()

    @batch(KycApproved)
    def approved(self, told: Sequence[Told]) -> None:
        self.count.begin()
        self.run.together(write_all, {each.meta.event_id: Entry.of(each.meta) for each in told})
        self.count.applied(len(told))


def host_tally(kind: str, database_url: str, amqp_url: str, count: Any) -> None:
    service: type[Any] = InBatches if kind == "batches" else OneByOne
    runner = BatchRunner(begin(engine(database_url, connections=2), TallyWork))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    host(
        [Hosted(bind(service, run=runner, count=count), amqp_url, database_url)],
        ("127.0.0.1", port),
    )
