"""The chain as its linker sees it: one PostgreSQL session that leads, reads and links."""

from contextlib import suppress
from typing import Any

import psycopg
from psycopg.rows import dict_row

from chassis.outbox import conninfo
from chassis.trail.chain import ENTRY, Head, genesis, linked

LEADERSHIP = 5_018_332_908  # advisory lock; every service has a database of its own

NEWEST = """
SELECT position, digest FROM trail_links
UNION ALL SELECT position, digest FROM trail_cuts
ORDER BY position DESC LIMIT 1
"""
WAITING = f"""
SELECT {ENTRY} FROM trail_waiting AS w JOIN trail_entries AS e USING (entry_id)
ORDER BY w.entry_id LIMIT %s
"""  # noqa: S608
LINK = """
WITH linked AS (DELETE FROM trail_waiting WHERE entry_id = ANY(%(entries)s))
INSERT INTO trail_links (position, entry_id, digest)
SELECT * FROM unnest(%(positions)s::bigint[], %(entries)s::bigint[], %(digests)s::bytea[])
"""
BACKLOG = """
SELECT count(*) AS rows, coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)::float AS age
FROM trail_waiting JOIN trail_entries USING (entry_id)
"""


class Ledger:
    """Raises psycopg.Error when the database is away.

    An entry waits from the moment its transaction is committed, so none can be overtaken and
    missed: they are linked in the order in which they are found, each exactly once.
    """

    def __init__(self, service: str, database_url: str) -> None:
        self._service = service
        self._session = psycopg.connect(
            conninfo(database_url), autocommit=True, row_factory=dict_row
        )

    def lead(self) -> bool:
        """True when this session is the only one that links; it stays so until it ends."""
        return bool(self._one("SELECT pg_try_advisory_lock(%s) AS leading", LEADERSHIP)["leading"])

    def head(self) -> Head:
        found = self._session.execute(NEWEST).fetchone()
        return Head(found["position"], found["digest"]) if found else genesis(self._service)

    def link(self, after: Head, most: int) -> Head:
        """Chain what waits to *after*, all of it or nothing; answers the new head."""
        head, positions, entries, digests = after, [], [], []
        for row in self._session.execute(WAITING, [most]):
            head = Head(head.position + 1, linked(head.digest, row))
            positions.append(head.position)
            entries.append(row["entry_id"])
            digests.append(head.digest)
        if entries:
            told = {"positions": positions, "entries": entries, "digests": digests}
            self._session.execute(LINK, told)
        return head

    def backlog(self) -> tuple[int, float]:
        """How many entries wait for their link, and for how many seconds the oldest has."""
        found = self._one(BACKLOG)
        return found["rows"], found["age"]

    def close(self) -> None:
        with suppress(psycopg.Error):
            self._session.close()

    def _one(self, statement: str, *values: object) -> dict[str, Any]:
        return self._session.execute(statement, values or None).fetchone() or {}
