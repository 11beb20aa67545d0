"""Who changed what: a trail of its own."""

from alembic import op

from chassis.trail.tables import create_trail, watch

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    create_trail(op)
    watch(op, "closed_months", "month", "aum customers")
