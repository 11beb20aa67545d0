"""Write entries: in the transaction of what they tell of, or in one of their own."""

from collections.abc import Sequence

import sqlalchemy as sa

from chassis.trail.entry import Entry, written
from chassis.trail.origin import Origin
from chassis.trail.tables import trail_tables

_metadata = sa.MetaData()
trail_tables(_metadata)

WRITE = _metadata.tables["trail_entries"].insert()


def write(connection: sa.Connection, entries: Sequence[Entry]) -> None:
    """In the caller's transaction."""
    if entries:
        origin = Origin.now()
        connection.execute(WRITE, [row(entry, origin) for entry in entries])


def row(entry: Entry, origin: Origin) -> dict[str, object]:
    return {
        **vars(origin),
        "action": entry.action,
        "subject": entry.subject,
        "purpose": entry.purpose,
        "outcome": entry.outcome,
        "details": written(entry.details),
    }


class SqlTrail:
    """Entries with a transaction of their own: about reads and refusals."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def record(self, *entries: Entry) -> None:
        with self._engine.begin() as connection:
            write(connection, entries)
