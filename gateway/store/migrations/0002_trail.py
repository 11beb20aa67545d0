"""Who signed in, and who was refused what: a trail of its own."""

from alembic import op

from chassis.trail.tables import create_trail

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    create_trail(op)
