"""The keys of personal data, wrapped; and no reason of a rejected KYC in clear."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "data_keys",
        sa.Column("key_id", sa.Text, primary_key=True),
        sa.Column("algorithm", sa.Text, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("kek_id", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT),
    )
    for table, column in (
        ("customers", "kyc_reason_sealed"),
        ("kyc_records", "reason_sealed"),
    ):
        op.add_column(table, sa.Column(column, sa.Text, nullable=False, server_default=""))
