"""Who looks after each client now, and who is let in for a time: for the live feed."""

from alembic import op

from chassis.custody import create_custody

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    create_custody(op)
