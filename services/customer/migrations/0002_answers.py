"""What was answered under idempotency keys."""

from alembic import op

from chassis.answer_rows import create_answers

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    create_answers(op)
