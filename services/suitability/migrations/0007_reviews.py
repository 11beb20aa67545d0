"""How far decisions were looked at again under another rule pack; prices as they were told."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "pack_reviews",
        sa.Column("review_id", sa.Text, primary_key=True),
        sa.Column("rule_pack", sa.Text, nullable=False),
        sa.Column("noticed_at", MOMENT, nullable=False),
        sa.Column("reached", sa.Text, nullable=False),
        sa.Column("finished_at", MOMENT),
    )
    op.create_table(
        "prices",
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("nav", sa.Numeric, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("sequence", sa.BigInteger, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("prices_by_day", "prices", ["product_id", "as_of", "sequence"])
    op.create_index(
        "open_decisions",
        "decisions",
        ["decision_id"],
        postgresql_where=sa.text("outcome = 'ALLOW' AND stale_at IS NULL"),
    )
