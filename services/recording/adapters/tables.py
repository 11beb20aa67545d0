"""The tables of the recording service."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from chassis.answer_rows import answers_table
from chassis.custody import custody_tables
from chassis.mailbox import mailbox_tables
from chassis.sealing.tables import data_keys_table
from chassis.trail.tables import trail_tables

metadata = sa.MetaData()
mailbox = mailbox_tables(metadata)
custody = custody_tables(metadata)
data_keys_table(metadata)
answers = answers_table(metadata)
trail_tables(metadata)

MOMENT = sa.DateTime(timezone=True)

# What other services own; an older event never overwrites a newer one.
sales = sa.Table(
    "sales",
    metadata,
    sa.Column("sale_id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("product_id", sa.Text, nullable=False),
    sa.Column("ended", sa.Boolean, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

products = sa.Table(
    "products",
    metadata,
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("insurance", JSONB(none_as_null=True)),
    sa.Column("script", JSONB, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

recordings = sa.Table(
    "recordings",
    metadata,
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
    sa.Column("retention_rules", JSONB(none_as_null=True)),
    sa.Column("locked_until", MOMENT),
    sa.Column("sealed_by", sa.Text),
    sa.Column("sealed_at", MOMENT),
    sa.Column("abandoned_reason", sa.Text),  # of old, until it is sealed
    sa.Column("abandoned_reason_sealed", sa.Text, nullable=False, server_default=""),
    sa.Column("abandoned_by", sa.Text),
    sa.Column("abandoned_at", MOMENT),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(
        "one_recording_per_sale",
        "sale_id",
        unique=True,
        postgresql_where=sa.text("state <> 'abandoned'"),
    ),
    sa.Index("recordings_by_sale", "sale_id"),
    sa.Index("recordings_by_customer", "customer_id", "opened_at"),
    sa.Index("recordings_newest", "opened_at", "recording_id"),
)

segments = sa.Table(
    "segments",
    metadata,
    sa.Column("segment_id", sa.Text, primary_key=True),
    sa.Column("recording_id", sa.Text, sa.ForeignKey("recordings.recording_id"), nullable=False),
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

# Every time a node was said, also those that a later one replaced.
marks = sa.Table(
    "marks",
    metadata,
    sa.Column("recording_id", sa.Text, sa.ForeignKey("recordings.recording_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("node_id", sa.Text, nullable=False),
    sa.Column("segment_id", sa.Text, sa.ForeignKey("segments.segment_id"), nullable=False),
    sa.Column("offset_ms", sa.Integer, nullable=False),
    sa.Column("answer", sa.Text),
    sa.Column("marked_by", sa.Text, nullable=False),
    sa.Column("marked_at", MOMENT, nullable=False),
)

uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("begun_at", MOMENT, nullable=False, index=True),
)
