"""Endpoints of webhooks, what is to be delivered to them, and every attempt."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY


@dataclass(frozen=True)
class WebhookTables:
    endpoints: sa.Table
    deliveries: sa.Table
    attempts: sa.Table
    requests: sa.Table


def webhook_tables(metadata: sa.MetaData) -> WebhookTables:
    return WebhookTables(
        endpoints=_endpoints(metadata),
        deliveries=_deliveries(metadata),
        attempts=_attempts(metadata),
        requests=sa.Table(  # made with an idempotency key, and done
            "webhook_requests",
            metadata,
            sa.Column("request_id", sa.Text, primary_key=True),
            _moment("at"),
            sa.Column("body_digest", sa.LargeBinary, nullable=False),
            sa.Column("answer_sealed", sa.LargeBinary, nullable=False),
        ),
    )


def _endpoints(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "webhook_endpoints",
        metadata,
        sa.Column("webhook_id", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("types", ARRAY(sa.Text), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),  # enabled, disabled
        sa.Column("disabled_reason", sa.Text, nullable=False),  # by_staff, gone, failing
        sa.Column("secret", sa.LargeBinary, nullable=False),  # sealed
        sa.Column("previous_secret", sa.LargeBinary),  # sealed; signs as well until …
        sa.Column("previous_until", sa.DateTime(timezone=True)),
        sa.Column("failing_since", sa.DateTime(timezone=True)),
        _moment("created_at"),
        _moment("updated_at"),
    )


def _deliveries(metadata: sa.MetaData) -> sa.Table:
    table = sa.Table(
        "webhook_deliveries",
        metadata,
        sa.Column("delivery_id", sa.Text, primary_key=True),
        sa.Column(
            "webhook_id",
            sa.Text,
            sa.ForeignKey("webhook_endpoints.webhook_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),  # pending, delivered, failed
        sa.Column("attempts", sa.Integer, nullable=False),  # since it was made or replayed
        _moment("due_at"),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        _moment("created_at"),
        sa.UniqueConstraint("webhook_id", "event_id", name="webhook_deliveries_once"),
    )
    sa.Index("webhook_deliveries_newest", table.c.webhook_id, table.c.created_at)
    pending = table.c.state == "pending"
    sa.Index("webhook_deliveries_due", table.c.webhook_id, table.c.due_at, postgresql_where=pending)
    return table


def _attempts(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "webhook_attempts",
        metadata,
        sa.Column(
            "delivery_id",
            sa.Text,
            sa.ForeignKey("webhook_deliveries.delivery_id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        _moment("at"),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),  # 0: nobody answered
        sa.Column("outcome", sa.Text, nullable=False),  # a code
    )


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)
