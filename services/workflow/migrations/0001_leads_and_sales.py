"""Leads, sales, their histories, and copies of staff, products and customers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.mailbox_migrations import create_mailbox

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_mailbox(op)
    create_leads()
    create_sales()
    create_history("lead", "lead_id")
    create_history("sale", "sale_id")
    create_copies()


def create_leads() -> None:
    op.create_table(
        "leads",
        sa.Column("lead_id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("adviser_id", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("branch_id", sa.Text, nullable=False),
        sa.Column("contacts", JSONB, nullable=False),
        sa.Column("dropped_reason", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    op.create_index("leads_by_age", "leads", ["created_at", "lead_id"])
    op.create_index("leads_by_adviser", "leads", ["adviser_id", "created_at", "lead_id"])
    op.create_index("leads_by_team", "leads", ["team_id", "created_at", "lead_id"])


def create_sales() -> None:
    op.create_table(
        "sales",
        sa.Column("sale_id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("adviser_id", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("amount", sa.Numeric(20, 2), nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("initiated_by", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decision", JSONB),
        sa.Column("stale", JSONB, nullable=False),
        sa.Column("recording", JSONB),
        sa.Column("contract_number", sa.Text, unique=True),
        sa.Column("disclosures_confirmed", JSONB),
        sa.Column("signed_at", MOMENT),
        sa.Column("payment_reference", sa.Text, unique=True),
        sa.Column("paid_by", sa.Text),
        sa.Column("paid_at", MOMENT),
        sa.Column("cooling_off_until", MOMENT),
        sa.Column("callbacks", JSONB, nullable=False),
        sa.Column("units", sa.Numeric(26, 8)),
        sa.Column("nav", sa.Numeric(26, 8)),
        sa.Column("confirmed_on", sa.Date),
        sa.Column("refund_amount", sa.Numeric(20, 2)),
        sa.Column("closed_reason", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    op.create_index("sales_by_age", "sales", ["created_at", "sale_id"])
    op.create_index("sales_by_amount", "sales", ["amount", "sale_id"])
    op.create_index("sales_by_adviser", "sales", ["adviser_id", "created_at", "sale_id"])
    op.create_index("sales_by_team", "sales", ["team_id", "created_at", "sale_id"])
    op.create_index("sales_by_customer", "sales", ["customer_id", "created_at", "sale_id"])
    cooling_off = sa.text("state = 'cooling_off'")
    op.create_index(
        "sales_cooling_off", "sales", ["cooling_off_until"], postgresql_where=cooling_off
    )


def create_history(of: str, key: str) -> None:
    table = f"{of}_history"
    op.create_table(
        table,
        sa.Column("change_id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column(key, sa.Text, sa.ForeignKey(f"{of}s.{key}"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("details", JSONB, nullable=False),
    )
    op.create_index(f"{table}_of_one", table, [key, "change_id"])
    op.execute(
        f"""
        CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{table} is append-only';
        END $$
        """
    )
    op.execute(
        f"""
        CREATE TRIGGER {table}_is_append_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()
        """
    )


def create_copies() -> None:
    op.create_table(
        "staff",
        sa.Column("staff_id", sa.Text, primary_key=True),
        sa.Column("roles", JSONB, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("branch_id", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "products",
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "customers",
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )
