"""Two tables beside a service's own: what it has to tell (outbox), what it was told (inbox)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from chassis.envelope import Outgoing

CHANNEL = "outbox"  # LISTEN/NOTIFY: the relay wakes up


@dataclass(frozen=True)
class Mailbox:
    outbox: sa.Table
    inbox: sa.Table

    def put(self, connection: sa.Connection, messages: Sequence[Outgoing]) -> None:
        """In the caller's transaction, in this order; the relay is woken when it commits."""
        if messages:
            connection.execute(self._put, [_row(message) for message in messages]).close()

    def note(self, connection: sa.Connection, message_id: str) -> bool:
        """True when the message is new; a concurrent transaction with the same one is awaited."""
        return connection.execute(self._note, {"message_id": message_id}).first() is not None

    @cached_property
    def _put(self) -> sa.Insert:
        return self.outbox.insert().returning(sa.func.pg_notify(CHANNEL, "", type_=sa.Text))

    @cached_property
    def _note(self) -> sa.Insert:
        once = insert(self.inbox).values(message_id=sa.bindparam("message_id"))
        return once.on_conflict_do_nothing().returning(self.inbox.c.message_id)


def mailbox_tables(metadata: sa.MetaData) -> Mailbox:
    """Add outbox and inbox to *metadata*."""
    return Mailbox(_outbox(metadata), _inbox(metadata))


def create_mailbox(op: Any) -> None:
    """For the first migration of a service; *op* is alembic's.

    A later change of these tables gets a function of its own, called by a migration of its own.
    """
    metadata = sa.MetaData()
    mailbox_tables(metadata)
    metadata.create_all(op.get_bind(), checkfirst=False)


def _outbox(metadata: sa.MetaData) -> sa.Table:
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
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "put_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("returned_at", sa.DateTime(timezone=True)),
    )
    waiting, returned = table.c.published_at.is_(None), table.c.returned_at
    sa.Index("outbox_waiting", table.c.id, postgresql_where=waiting & returned.is_(None))
    sa.Index(
        "outbox_returned",
        table.c.type,
        table.c.id,
        postgresql_where=waiting & returned.is_not(None),
    )
    return table


def _inbox(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "inbox",
        metadata,
        sa.Column("message_id", sa.Text, primary_key=True),
        sa.Column(
            "handled_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
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
