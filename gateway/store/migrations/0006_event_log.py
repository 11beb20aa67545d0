"""Published events are kept in a log by month."""

from alembic import op

from chassis.mailbox_migrations import create_event_log

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    create_event_log(op)
