"""What clients hold, the opinions on it, and the matching of holders under way."""

import sqlalchemy as sa
from alembic import op

from chassis.trail.tables import watch

revision = "0010"
down_revision = "0009"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "holdings",
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("units", sa.Numeric, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("fit", sa.Text),
        sa.Column("client_level", sa.Text, nullable=False),
        sa.Column("product_level", sa.Text, nullable=False),
        sa.Column("rule_ids", sa.JSON, nullable=False),
        sa.Column("rule_pack", sa.Text, nullable=False),
        sa.Column("level_until", sa.Date),
        sa.Column("matched_at", MOMENT),
    )
    held = sa.text("units > 0")
    op.create_index("holders", "holdings", ["product_id", "customer_id"], postgresql_where=held)
    op.create_index(
        "holdings_by_level_until",
        "holdings",
        ["level_until"],
        postgresql_where=sa.text("units > 0 AND level_until IS NOT NULL"),
    )
    op.create_table(
        "rematches",
        sa.Column("rematch_id", sa.Text, primary_key=True),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("noticed_at", MOMENT, nullable=False),
        sa.Column("reached", sa.Text, nullable=False),
        sa.Column("holders", sa.Integer, nullable=False),
        sa.Column("mismatches", sa.Integer, nullable=False),
        sa.Column("finished_at", MOMENT),
    )
    op.create_index(
        "rematches_waiting",
        "rematches",
        ["noticed_at", "rematch_id"],
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    watch(op, "holdings", "customer_id", "product_id fit client_level product_level level_until")
