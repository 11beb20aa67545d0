"""The read models: figures by month, and what they are moved by."""

import sqlalchemy as sa
from alembic import op

from chassis.mailbox_migrations import create_mailbox

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_mailbox(op)
    create_figures()
    create_books()
    create_journeys()
    create_names()


def create_figures() -> None:
    op.create_table(
        "figures",
        sa.Column("measure", sa.Text, primary_key=True),
        sa.Column("month", sa.Text, primary_key=True),
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("adviser_id", sa.Text, primary_key=True),
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("value", sa.Numeric, nullable=False),
    )
    freshness = op.create_table(
        "freshness",
        sa.Column("events_applied", sa.BigInteger, nullable=False),
        sa.Column("last_event_at", MOMENT),
    )
    op.bulk_insert(freshness, [{"events_applied": 0}])
    op.create_table(
        "closed_months",
        sa.Column("month", sa.Text, primary_key=True),
        sa.Column("aum", sa.Numeric, nullable=False),
        sa.Column("customers", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )


def create_books() -> None:
    op.create_table(
        "closings",
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("month", sa.Text, primary_key=True),
        sa.Column("adviser_id", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("aum", sa.Numeric, nullable=False),
    )
    op.create_table(
        "holdings",
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("month", sa.Text, primary_key=True),
        sa.Column("value", sa.Numeric, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "transactions",
        sa.Column("transaction_id", sa.Text, primary_key=True),
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("adviser_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("amount", sa.Numeric, nullable=False),
        sa.Column("told_by_sale", sa.Boolean, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )


def create_journeys() -> None:
    op.create_table(
        "journeys",
        sa.Column("journey_id", sa.Text, primary_key=True),
        sa.Column("adviser_id", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("amount", sa.Numeric, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "arrivals",
        sa.Column("journey_id", sa.Text, sa.ForeignKey("journeys.journey_id"), primary_key=True),
        sa.Column("stage", sa.Text, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("month", sa.Text, nullable=False),
    )


def create_names() -> None:
    op.create_table(
        "staff",
        sa.Column("staff_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("advises", sa.Boolean, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "teams",
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "products",
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )
