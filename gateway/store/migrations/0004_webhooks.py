"""Endpoints of webhooks, and what is to be delivered to them."""

import sqlalchemy as sa
from alembic import op

from chassis.trail.tables import watch

revision = "0004"
down_revision = "0003"


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("webhook_id", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("types", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("disabled_reason", sa.Text, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("previous_secret", sa.LargeBinary),
        moment("previous_until", nullable=True),
        moment("failing_since", nullable=True),
        moment("created_at"),
        moment("updated_at"),
    )
    op.create_table(
        "webhook_deliveries",
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
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        moment("due_at"),
        moment("leased_until", nullable=True),
        moment("created_at"),
        sa.UniqueConstraint("webhook_id", "event_id", name="webhook_deliveries_once"),
    )
    op.create_index("webhook_deliveries_newest", "webhook_deliveries", ["webhook_id", "created_at"])
    op.create_index(
        "webhook_deliveries_due",
        "webhook_deliveries",
        ["webhook_id", "due_at"],
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "webhook_attempts",
        sa.Column(
            "delivery_id",
            sa.Text,
            sa.ForeignKey("webhook_deliveries.delivery_id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        moment("at"),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
    )
    op.create_table(
        "webhook_requests", sa.Column("request_id", sa.Text, primary_key=True), moment("at")
    )
    watch(op, "webhook_endpoints", "webhook_id", "types state disabled_reason failing_since")
