"""A trail of a test's own: a database with a mailbox, the trail, and one watched table."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from chassis.config import SHANGHAI
from chassis.database import begin, engine
from chassis.mailbox import mailbox_tables
from chassis.mailbox_migrations import create_event_log, create_mailbox
from chassis.outbox import conninfo
from chassis.runner import Runner
from chassis.trail.ledger import Ledger
from chassis.trail.linker import Linker
from chassis.trail.tables import create_trail, trail_tables, watch
from chassis.trail.verifying import Verdict, verify
from chassis.trail.writing import SqlTrail
from tests.chassis.ledger import LedgerWork

METADATA = sa.MetaData()
MAILBOX = mailbox_tables(METADATA)
trail_tables(METADATA)
THINGS = sa.Table(
    "things",
    METADATA,
    sa.Column("thing_id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("phone", sa.Text),
)
ENTRIES, LINKS = METADATA.tables["trail_entries"], METADATA.tables["trail_links"]
NAME = "product"
FILL = """
INSERT INTO trail_entries (at, actor, roles, system, usecase, trace_id, request_id, action,
    subject, purpose, outcome, details)
SELECT now(), 's-1', '{adviser}', '', 'look', '', '', 'thing.seen',
    't-' || number, '', 'done', jsonb_build_object('number', number)
FROM generate_series(1, :count) AS number
"""


class Trail:
    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = engine(url, connections=8)
        self.own = SqlTrail(self.engine)
        self.run = Runner(begin(self.engine, LedgerWork))
        with self.engine.begin() as connection:
            THINGS.create(connection)
            op = Operations(MigrationContext.configure(connection))
            create_mailbox(op)
            create_event_log(op)
            create_trail(op)
            watch(op, "things", "thing_id", "state")

    def record(self, count: int) -> None:
        """In one transaction, entries numbered from 1 in an empty trail."""
        with self.engine.begin() as connection:
            connection.execute(sa.text(FILL), {"count": count})

    def link(self, most: int = 1000) -> None:
        """Everything that waits."""
        ledger = Ledger(NAME, self.url)
        head = ledger.head()
        while (linked := ledger.link(head, most)) != head:
            head = linked
        ledger.close()

    def recorded(self, count: int) -> "Trail":
        self.record(count)
        self.link()
        return self

    def verdict(self, announced: bytes = b"") -> Verdict:
        return verify(NAME, self.url, announced)

    def rows(self, statement: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text(statement)))

    def one(self, statement: str) -> Any:
        return self.rows(statement)[0][0]

    def tamper(self, *statements: str) -> None:
        """As a superuser who knows how to keep triggers quiet."""
        with psycopg.connect(conninfo(self.url)) as session:
            session.execute("SET session_replication_role = replica")
            for statement in statements:
                session.execute(statement.encode())

    def age(self, days: float, below: int) -> None:
        """Let entries below a number have happened earlier, and chain them anew."""
        moment = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        self.tamper(
            f"UPDATE trail_entries SET at = '{moment}' WHERE entry_id < {below}",
            "INSERT INTO trail_waiting SELECT entry_id FROM trail_links",
            "DELETE FROM trail_links",
        )
        self.link()

    @contextmanager
    def linking(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Iterator[None]:
        """A linker in a thread, as in a relay process."""
        stop = threading.Event()
        linker = Linker(NAME, self.url, SHANGHAI, clock)
        thread = threading.Thread(target=linker.run, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def close(self) -> None:
        self.engine.dispose()


@pytest.fixture
def trail(create_database: Callable[[str], str]) -> Iterator[Trail]:
    made = Trail(create_database("trail"))
    yield made
    made.close()
