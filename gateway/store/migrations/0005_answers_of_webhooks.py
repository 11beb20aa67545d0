"""What was answered to a request with an idempotency key, for who sends it again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("DELETE FROM webhook_requests")
    for name in ("body_digest", "answer_sealed"):
        op.add_column("webhook_requests", sa.Column(name, sa.LargeBinary, nullable=False))
