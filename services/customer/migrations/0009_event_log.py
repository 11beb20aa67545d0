"""Published events are kept in a log by month."""

from alembic import op

from chassis.mailbox_migrations import create_event_log

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    create_event_log(op)
