"""What the staff register said last of who left, for a gateway that starts while it is away."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "leavers",
        sa.Column("word", sa.Text, primary_key=True),
        sa.Column("staff_ids", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
    )
