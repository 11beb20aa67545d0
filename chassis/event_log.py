"""Every event a service has published, in the order in which it was: its event log.

Partitioned by the month of publication (UTC), so that old months are let go of as a whole. The
relay that leads is the only one to write: it moves an event here from the outbox, and counts its
position on in the same statement. Positions have no gaps, and for whoever reads on from one
nothing ever appears behind it; the sequence of an event, which is its number in the outbox, may
overtake another of a different aggregate.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa

LOG = "event_log"
MOMENT = sa.DateTime(timezone=True)


def event_log_tables(metadata: sa.MetaData) -> None:
    """Add the event log, and the one row that says how far it has been written."""
    sa.Table(
        LOG,
        metadata,
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("logged_at", MOMENT, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Index("event_log_by_moment", "logged_at", "position"),
        sa.Index("event_log_by_subject", "subject", "position"),
        postgresql_partition_by="RANGE (logged_at)",
    )
    sa.Table(
        "event_log_head",
        metadata,
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("logged_at", MOMENT, nullable=False),
    )


@dataclass(frozen=True, order=True)
class Month:
    """A month of the log, in UTC; its partition is event_log_2026_11."""

    year: int
    month: int

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        utc = moment.astimezone(UTC)
        return cls(utc.year, utc.month)

    @classmethod
    def named(cls, partition: str) -> "Month":
        year, month = partition.removeprefix(f"{LOG}_").split("_")
        return cls(int(year), int(month))

    @property
    def partition(self) -> str:
        return f"{LOG}_{self.year:04}_{self.month:02}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    def later(self, months: int) -> "Month":
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)
