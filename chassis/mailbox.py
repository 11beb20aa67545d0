"""Tables beside a service's own: what it has to tell (outbox), what it was told (inbox)."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from chassis.envelope import Outgoing
from chassis.event_log import MOMENT, event_log_tables
from chassis.replay.tables import replays_table

CHANNEL = "outbox"  # LISTEN/NOTIFY: the relay wakes up

# Text, because SQLAlchemy looks at a construct anew each time it is used.
NOTE = sa.text(
    "INSERT INTO inbox (message_id) VALUES (:message_id)"
    " ON CONFLICT DO NOTHING RETURNING message_id"
)

# Set while an event is applied that comes once more, out of an event log.
replayed: ContextVar[bool] = ContextVar("replayed", default=False)


@dataclass(frozen=True)
class Mailbox:
    outbox: sa.Table
    inbox: sa.Table
    horizon: sa.Table

    def put(self, connection: sa.Connection, messages: Sequence[Outgoing]) -> None:
        """In the caller's transaction, in this order; the relay is woken when it commits."""
        if messages:
            connection.execute(self._put, [_row(message) for message in messages]).close()

    def note(self, connection: sa.Connection, message_id: str) -> bool:
        """True when the message is new; a concurrent transaction with the same one is awaited.

        One that comes once more, out of an event log, and that the inbox may have forgotten,
        is not new.
        """
        if replayed.get() and self._may_be_forgotten(connection, message_id):
            return False
        return connection.execute(NOTE, {"message_id": message_id}).first() is not None

    def note_all(self, connection: sa.Connection, message_ids: Sequence[str]) -> set[str]:
        """Those of them that are new, as by note()."""
        wanted = list(message_ids)
        if replayed.get():
            wanted = [each for each in wanted if not self._may_be_forgotten(connection, each)]
        return set(connection.scalars(self._note_all, {"message_ids": wanted}))

    def _may_be_forgotten(self, connection: sa.Connection, message_id: str) -> bool:
        oldest = connection.scalar(sa.select(self.horizon.c.message_id))
        return oldest is not None and message_id < oldest

    @cached_property
    def _put(self) -> sa.Insert:
        return self.outbox.insert().returning(sa.func.pg_notify(CHANNEL, "", type_=sa.Text))

    @cached_property
    def _note_all(self) -> Any:
        ids = sa.func.unnest(sa.bindparam("message_ids", type_=ARRAY(sa.Text)))
        noted = insert(self.inbox).from_select(["message_id"], sa.select(ids))
        return noted.on_conflict_do_nothing().returning(self.inbox.c.message_id)


def mailbox_tables(metadata: sa.MetaData) -> Mailbox:
    """Add outbox, inbox with those who wait, event log and replays of it to *metadata*."""
    event_log_tables(metadata)
    replays_table(metadata)
    waiting_table(metadata)
    return Mailbox(_outbox(metadata), _inbox(metadata), _horizon(metadata))


def _outbox(metadata: sa.MetaData) -> sa.Table:
    """What waits for the broker, and what nobody wanted (returned_at)."""
    table = sa.Table(
        "outbox",
        metadata,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("event_id", sa.Text, nullable=False, unique=True),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("put_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("returned_at", MOMENT),
    )
    returned = table.c.returned_at
    sa.Index("outbox_waiting", table.c.id, postgresql_where=returned.is_(None))
    sa.Index("outbox_returned", table.c.type, table.c.id, postgresql_where=returned.is_not(None))
    return table


def _inbox(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "inbox",
        metadata,
        sa.Column("message_id", sa.Text, primary_key=True),
        sa.Column("handled_at", MOMENT, nullable=False, server_default=sa.func.now()),
    )


def _horizon(metadata: sa.MetaData) -> sa.Table:
    """Messages older than this one may have been forgotten by the inbox; none yet: empty."""
    return sa.Table("inbox_horizon", metadata, sa.Column("message_id", sa.Text, primary_key=True))


def waiting_table(metadata: sa.MetaData) -> sa.Table:
    """Messages in a retry queue: younger ones about the same subject wait behind them."""
    return sa.Table(
        "inbox_waiting",
        metadata,
        sa.Column("message_id", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("delay", sa.Double, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
    )


def _row(message: Outgoing) -> dict[str, object]:
    return {
        "event_id": message.event_id,
        "type": message.type,
        "subject": message.subject,
        "source": message.source,
        "body": message.body,
        "headers": dict(message.headers),
        "occurred_at": message.time,
    }
