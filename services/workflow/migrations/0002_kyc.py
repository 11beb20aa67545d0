"""Until when a customer's KYC counts: nobody signs who is not identified."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "kyc",
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("expires_on", sa.Date),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )
