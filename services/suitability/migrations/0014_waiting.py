"""Events about one subject wait for an elder one that is tried again."""

from alembic import op

from chassis.mailbox_migrations import create_waiting

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    create_waiting(op)
