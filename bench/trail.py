"""What the trail costs: each figure beside the same work without it."""

from collections.abc import Callable
from hashlib import sha256
from statistics import median
from time import perf_counter
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from psycopg.rows import dict_row
from sqlalchemy.orm import Session

from bench.figure import Figure, show
from chassis.database import driver_url, introduce
from chassis.outbox import conninfo
from chassis.trail import Entry
from chassis.trail.chain import ENTRY, SAID
from chassis.trail.ledger import Ledger
from chassis.trail.tables import create_trail, watch
from chassis.trail.verifying import verify
from chassis.trail.writing import write

Row = dict[str, Any]

ROUNDS = 7
TRANSACTIONS = 300
ENTRIES = 20_000
BATCH = 1000

TABLES = "CREATE TABLE {} (id text PRIMARY KEY, state text NOT NULL, version integer NOT NULL)"
FILL = """
INSERT INTO trail_entries (at, actor, roles, system, usecase, trace_id, request_id, action,
    subject, purpose, outcome, details)
SELECT now(), 's-1', '{adviser}', '', 'sign_sale', '0af7651916cd43dd8448eb211c80319c',
    gen_random_uuid()::text, 'sales.changed', gen_random_uuid()::text, '', 'done',
    '{"fields": {"state": {"before": "recorded", "after": "signed"}, "version": {"after": 4}}}'
FROM generate_series(1, :count)
"""


def measure(url: str) -> None:
    """Print one JSON line per figure. *url* is an empty database and a superuser's."""
    bound = sa.create_engine(driver_url(url))
    prepare(bound)
    changes(bound)
    chain(bound, url)
    bound.dispose()


def prepare(bound: sa.Engine) -> None:
    with bound.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        create_trail(op)
        for table in ("plain", "watched"):
            connection.execute(sa.text(TABLES.format(table)))
            connection.execute(sa.text(f"INSERT INTO {table} VALUES ('t-1', 'a', 0)"))
        watch(op, "watched", "id", "state version")


def changes(bound: sa.Engine) -> None:
    """Transactions that read a row and change it, as a use case does."""
    plain, watched, recorded = [], [], []
    for _ in range(ROUNDS):
        plain.append(rate(TRANSACTIONS, lambda: change(bound, "plain")))
        watched.append(rate(TRANSACTIONS, lambda: change(bound, "watched")))
        recorded.append(rate(TRANSACTIONS, lambda: change(bound, "plain", record=True)))
    of = median(plain)
    show(Figure("trail_watched_change", median(watched), "1/s", "unwatched change", of))
    show(Figure("trail_recorded_entry", median(recorded), "1/s", "the same without it", of))


def change(bound: sa.Engine, table: str, *, record: bool = False) -> None:
    with Session(bound) as session:
        introduce(session)
        session.execute(sa.text(f"SELECT * FROM {table} WHERE id = 't-1'")).one()
        moved = f"UPDATE {table} SET version = version + 1, state = 'b' || version WHERE id = 't-1'"
        session.execute(sa.text(moved))
        if record:
            write(session.connection(), [Entry(action="thing.seen", subject="t-1")])
        session.commit()


def chain(bound: sa.Engine, url: str) -> None:
    linked, bare_links, verified, bare_reads = [], [], [], []
    for _ in range(3):
        fill(bound)
        linked.append(rate(1, lambda: link(url)) * ENTRIES)
        bare_links.append(rate(1, lambda: link_barely(url)) * ENTRIES)
        verified.append(rate(1, lambda: verify("bench", url)) * ENTRIES)
        bare_reads.append(rate(1, lambda: read_barely(url)) * ENTRIES)
    bare = "SHA-256 and bulk insert"
    show(Figure("trail_linked_entries", median(linked), "1/s", bare, median(bare_links)))
    bare = "select and SHA-256"
    show(Figure("trail_verified_entries", median(verified), "1/s", bare, median(bare_reads)))


def fill(bound: sa.Engine) -> None:
    with bound.begin() as connection:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        connection.execute(sa.text("DELETE FROM trail_links"))
        connection.execute(sa.text("DELETE FROM trail_waiting"))
        connection.execute(sa.text("DELETE FROM trail_entries"))
        connection.execute(sa.text(FILL), {"count": ENTRIES})
        connection.execute(sa.text("INSERT INTO trail_waiting SELECT entry_id FROM trail_entries"))
        connection.execute(sa.text("DROP TABLE IF EXISTS bare"))
        connection.execute(sa.text("CREATE TABLE bare (position bigint, entry bigint, d bytea)"))


def link(url: str) -> None:
    ledger = Ledger("bench", url)
    head = ledger.head()
    while (after := ledger.link(head, BATCH)) != head:
        head = after
    ledger.close()


def link_barely(url: str) -> None:
    """The same bytes hashed and written, without a queue to empty."""
    digest, position = bytes(32), 0
    with psycopg.connect(conninfo(url), autocommit=True, row_factory=dict_row) as session:
        while rows := batch(session, position):
            links = []
            for row in rows:
                digest = sha256(digest + hashed(row)).digest()
                links.append((row["entry_id"], row["entry_id"], digest))
            with session.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO bare SELECT * FROM"
                    " unnest(%s::bigint[], %s::bigint[], %s::bytea[])",
                    [list(column) for column in zip(*links, strict=True)],
                )
            position = rows[-1]["entry_id"]


def read_barely(url: str) -> None:
    digest, position = bytes(32), 0
    with psycopg.connect(conninfo(url), autocommit=True, row_factory=dict_row) as session:
        while rows := batch(session, position):
            for row in rows:
                digest = sha256(digest + hashed(row)).digest()
            position = rows[-1]["entry_id"]


def batch(session: psycopg.Connection[Row], after: int) -> list[Row]:
    statement = f"""
        SELECT {ENTRY} FROM trail_entries AS e WHERE entry_id > %s
        ORDER BY entry_id LIMIT {BATCH}
    """
    return session.execute(statement.encode(), [after]).fetchall()


def hashed(row: Row) -> bytes:
    return orjson.dumps({name: row[name] for name in SAID}, option=orjson.OPT_SORT_KEYS)


def rate(count: int, once: Callable[[], object]) -> float:
    started = perf_counter()
    for _ in range(count):
        once()
    return count / (perf_counter() - started)
