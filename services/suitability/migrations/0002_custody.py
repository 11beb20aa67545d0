"""Who looks after a client now, and what is shared for a time."""

from alembic import op

from chassis.custody import create_custody

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    create_custody(op)
