"""What the gateway has to tell."""

from alembic import op

from chassis.mailbox_migrations import create_mailbox

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_mailbox(op)
