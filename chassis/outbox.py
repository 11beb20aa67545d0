"""The outbox as its relay sees it: one PostgreSQL session that leads, listens, reads and logs."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row

from chassis.envelope import Outgoing
from chassis.housekeeping import Kept, keep_house
from chassis.mailbox import CHANNEL

LEADERSHIP = 5_018_332_907  # advisory lock; every service has a database of its own

SESSION = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "options": "-c statement_timeout=30000 -c timezone=UTC",
}

WAITING = """
SELECT id, event_id, type, subject, source, body, occurred_at, headers FROM outbox
WHERE returned_at IS NULL ORDER BY id LIMIT %s
"""

AHEAD = """
SELECT id, event_id, type, subject, source, body, occurred_at, headers FROM outbox
WHERE returned_at IS NULL AND id <> ALL(%s) ORDER BY id LIMIT %s
"""

OLDEST_RETURNED = """
SELECT id, event_id, type, subject, source, body, occurred_at, headers FROM outbox
WHERE id IN (SELECT min(id) FROM outbox WHERE returned_at IS NOT NULL GROUP BY type)
ORDER BY id
"""

TO_THE_LOG = """
WITH gone AS (
    DELETE FROM outbox WHERE id = ANY(%s)
    RETURNING id, event_id, type, subject, source, body, headers, occurred_at
), counted AS (
    SELECT count(*) AS events FROM gone
), head AS (
    UPDATE event_log_head
    SET position = position + events, logged_at = greatest(logged_at, clock_timestamp())
    FROM counted
    RETURNING position - events AS before, logged_at
)
INSERT INTO event_log (
    position, logged_at,
    sequence, event_id, type, subject, source, body, headers, occurred_at
)
SELECT before + row_number() OVER (ORDER BY id), logged_at,
       id, event_id, type, subject, source, body, headers, occurred_at
FROM gone LEFT JOIN head ON true
"""

RETURNED = "UPDATE outbox SET returned_at = now() WHERE id = ANY(%s) AND returned_at IS NULL"
WANTED = "UPDATE outbox SET returned_at = NULL WHERE returned_at IS NOT NULL AND type = ANY(%s)"

BACKLOG = """
SELECT count(*) AS rows, coalesce(extract(epoch FROM now() - min(put_at)), 0)::float AS seconds
FROM outbox WHERE returned_at IS NULL
"""


@dataclass(frozen=True)
class Row:
    """An event and the number it has in the outbox."""

    id: int
    event: Outgoing


class Outbox:
    """Raises psycopg.Error when the database is away.

    Reading and logging happen on the session that holds the leadership: whoever has lost it
    can log nothing any more.
    """

    def __init__(self, database_url: str) -> None:
        self._session = psycopg.connect(
            conninfo(database_url), autocommit=True, row_factory=dict_row
        )

    def lead(self) -> bool:
        """True when this session is the only one that relays; it stays so until it ends."""
        found = self._one("SELECT pg_try_advisory_lock(%s) AS leading", LEADERSHIP)
        if found["leading"]:
            self._session.execute(f"LISTEN {CHANNEL}")
        return bool(found["leading"])

    def waiting(self, limit: int) -> list[Row]:
        """What is to be published next, oldest first."""
        return [_row(found) for found in self._session.execute(WAITING, [limit])]

    def ahead(self, limit: int, rows: Sequence[Row]) -> list[Row]:
        """What is to be published after *rows*, which are under way."""
        ids = [row.id for row in rows]
        return [_row(found) for found in self._session.execute(AHEAD, [ids, limit])]

    def oldest_returned(self) -> list[Row]:
        """Of every type that nobody wanted, the oldest event."""
        return [_row(found) for found in self._session.execute(OLDEST_RETURNED)]

    def published(self, ids: Sequence[int]) -> None:
        """The broker has them: they move to the event log."""
        self._mark(TO_THE_LOG, ids)

    def keep_house(self, kept: Kept) -> None:
        keep_house(self._session, kept)

    def returned(self, ids: Sequence[int]) -> None:
        """Nobody wants them: they are kept, out of the way of the others."""
        self._mark(RETURNED, ids)

    def wanted(self, types: Sequence[str]) -> None:
        """Somebody wants these types now: what was kept of them waits again."""
        self._mark(WANTED, types)

    def backlog(self) -> tuple[int, float]:
        """How many events wait, and for how many seconds the oldest has."""
        found = self._one(BACKLOG)
        return found["rows"], found["seconds"]

    def await_news(self, seconds: float) -> None:
        """Return when something was put into the outbox, or after *seconds*."""
        for _ in self._session.notifies(timeout=seconds, stop_after=1):
            pass

    def close(self) -> None:
        with suppress(psycopg.Error):
            self._session.close()

    def _mark(self, statement: str, values: Sequence[object]) -> None:
        if values:
            self._session.execute(statement, [list(values)])

    def _one(self, statement: str, *values: object) -> dict[str, Any]:
        found = self._session.execute(statement, values or None).fetchone()
        return found or {}


def conninfo(database_url: str) -> str:
    url = sa.make_url(database_url).set(drivername="postgresql")
    return make_conninfo(url.render_as_string(hide_password=False), **SESSION)


def _row(found: dict[str, Any]) -> Row:
    event = Outgoing(
        event_id=found["event_id"],
        type=found["type"],
        subject=found["subject"],
        source=found["source"],
        time=found["occurred_at"],
        body=found["body"],
        headers=found["headers"],
    )
    return Row(found["id"], event)
