"""Who changed what: a trail of its own."""

from alembic import op

from chassis.trail.tables import create_trail, watch

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    create_trail(op)
    watch(
        op,
        "recordings",
        "recording_id",
        "sale_id customer_id product_id state opened_by manifest_digest retain_until "
        "locked_until sealed_by abandoned_by version",
    )
    watch(
        op,
        "segments",
        "recording_id",
        "segment_id number byte_size sha256 started_by version_id stored_at",
    )
    watch(
        op,
        "marks",
        "recording_id",
        "number node_id segment_id offset_ms marked_by",
    )
