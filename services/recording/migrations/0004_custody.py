"""Who looks after each client now."""

from alembic import op

from chassis.custody import create_custody

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    create_custody(op)
