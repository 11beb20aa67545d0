"""Recordings with their segments and marks, and what is known of sales and products."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.mailbox_migrations import create_mailbox

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_mailbox(op)
    create_copies()
    create_recordings()
    create_segments()
    create_marks()
    op.create_table(
        "uploads",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("begun_at", MOMENT, nullable=False, index=True),
    )


def create_copies() -> None:
    op.create_table(
        "sales",
        sa.Column("sale_id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "products",
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("insurance", JSONB),
        sa.Column("script", JSONB, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )


def create_recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("recording_id", sa.Text, primary_key=True),
        sa.Column("sale_id", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("script", JSONB, nullable=False),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("manifest", sa.Text),
        sa.Column("manifest_digest", sa.Text),
        sa.Column("manifest_version", sa.Text),
        sa.Column("retain_until", sa.Date),
        sa.Column("retention_rules", JSONB),
        sa.Column("locked_until", MOMENT),
        sa.Column("sealed_by", sa.Text),
        sa.Column("sealed_at", MOMENT),
        sa.Column("abandoned_reason", sa.Text),
        sa.Column("abandoned_by", sa.Text),
        sa.Column("abandoned_at", MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index(
        "one_recording_per_sale",
        "recordings",
        ["sale_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'abandoned'"),
    )
    op.create_index("recordings_by_sale", "recordings", ["sale_id"])
    op.create_index("recordings_by_customer", "recordings", ["customer_id", "opened_at"])
    op.create_index("recordings_newest", "recordings", ["opened_at", "recording_id"])


def create_segments() -> None:
    op.create_table(
        "segments",
        sa.Column("segment_id", sa.Text, primary_key=True),
        sa.Column(
            "recording_id", sa.Text, sa.ForeignKey("recordings.recording_id"), nullable=False
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("content_type", sa.Text, nullable=False),
        sa.Column("byte_size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("started_by", sa.Text, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("upload_id", sa.Text, nullable=False),
        sa.Column("version_id", sa.Text, nullable=False),
        sa.Column("stored_at", MOMENT),
        sa.UniqueConstraint("recording_id", "number", name="segments_in_order"),
    )


def create_marks() -> None:
    op.create_table(
        "marks",
        sa.Column(
            "recording_id", sa.Text, sa.ForeignKey("recordings.recording_id"), primary_key=True
        ),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("node_id", sa.Text, nullable=False),
        sa.Column("segment_id", sa.Text, sa.ForeignKey("segments.segment_id"), nullable=False),
        sa.Column("offset_ms", sa.Integer, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("marked_by", sa.Text, nullable=False),
        sa.Column("marked_at", MOMENT, nullable=False),
    )
