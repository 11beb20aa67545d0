"""The tables of the workflow service; columns named *_sealed hold what was typed of clients."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from chassis.answer_rows import answers_table
from chassis.custody import custody_tables
from chassis.mailbox import mailbox_tables
from chassis.sealing.tables import data_keys_table
from chassis.trail.tables import trail_tables

metadata = sa.MetaData()
mailbox = mailbox_tables(metadata)
answers = answers_table(metadata)
trail_tables(metadata)
custody = custody_tables(metadata)
data_keys_table(metadata)

MOMENT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(20, 2)
UNITS = sa.Numeric(26, 8)

leads = sa.Table(
    "leads",
    metadata,
    sa.Column("lead_id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("campaign", sa.Text, nullable=False),
    sa.Column("adviser_id", sa.Text, nullable=False),
    sa.Column("team_id", sa.Text, nullable=False),
    sa.Column("branch_id", sa.Text, nullable=False),
    sa.Column("registered_by", sa.Text, nullable=False, server_default=""),
    sa.Column("contacts", JSONB, nullable=False),  # of old, until they are sealed
    sa.Column("contacts_sealed", sa.Text, nullable=False, server_default=""),
    sa.Column("dropped_reason", sa.Text, nullable=False),  # of old, until it is sealed
    sa.Column("dropped_reason_sealed", sa.Text, nullable=False, server_default=""),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("updated_at", MOMENT, nullable=False),
    sa.Index("leads_by_age", "created_at", "lead_id"),
    sa.Index("leads_by_adviser", "adviser_id", "created_at", "lead_id"),
    sa.Index("leads_by_team", "team_id", "created_at", "lead_id"),
    sa.Index("leads_by_branch", "branch_id", "created_at", "lead_id"),
    sa.Index("leads_by_customer", "customer_id"),
)

sales = sa.Table(
    "sales",
    metadata,
    sa.Column("sale_id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("product_id", sa.Text, nullable=False),
    sa.Column("adviser_id", sa.Text, nullable=False),
    sa.Column("team_id", sa.Text, nullable=False),
    sa.Column("amount", MONEY, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("initiated_by", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("decision", JSONB),
    sa.Column("stale", JSONB, nullable=False),
    sa.Column("recording", JSONB),
    sa.Column("contract_number", sa.Text, unique=True),
    sa.Column("disclosures_confirmed", JSONB),
    sa.Column("signed_at", MOMENT),
    sa.Column("payment_reference", sa.Text, unique=True),  # of old, until it is sealed
    sa.Column("payment_reference_sealed", sa.Text, nullable=False, server_default=""),
    sa.Column("payment_reference_index", sa.LargeBinary, unique=True),
    sa.Column("paid_by", sa.Text),
    sa.Column("paid_at", MOMENT),
    sa.Column("cooling_off_until", MOMENT),
    sa.Column("callbacks", JSONB, nullable=False),  # of old, until they are sealed
    sa.Column("callbacks_sealed", sa.Text, nullable=False, server_default=""),
    sa.Column("units", UNITS),
    sa.Column("nav", UNITS),
    sa.Column("confirmed_on", sa.Date),
    sa.Column("refund_amount", MONEY),
    sa.Column("closed_reason", sa.Text, nullable=False),  # of old, until it is sealed
    sa.Column("closed_reason_sealed", sa.Text, nullable=False, server_default=""),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("updated_at", MOMENT, nullable=False),
    sa.Index("sales_by_age", "created_at", "sale_id"),
    sa.Index("sales_by_amount", "amount", "sale_id"),
    sa.Index("sales_by_adviser", "adviser_id", "created_at", "sale_id"),
    sa.Index("sales_by_team", "team_id", "created_at", "sale_id"),
    sa.Index("sales_by_customer", "customer_id", "created_at", "sale_id"),
    sa.Index(
        "sales_cooling_off",
        "cooling_off_until",
        postgresql_where=sa.text("state = 'cooling_off'"),
    ),
)


def history_table(of: str, key: str) -> sa.Table:
    """Every change, in order; the database refuses to delete one, or to do more than seal it."""
    return sa.Table(
        f"{of}_history",
        metadata,
        sa.Column("change_id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column(key, sa.Text, sa.ForeignKey(f"{of}s.{key}"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),  # the one the change led to
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("details", JSONB, nullable=False),  # of old, until they are sealed
        sa.Column("details_sealed", sa.Text, nullable=False, server_default=""),
        sa.Index(f"{of}_history_of_one", key, "change_id"),
    )


lead_history = history_table("lead", "lead_id")
sale_history = history_table("sale", "sale_id")

# Copies of what other services own; the larger sequence is the newer one.
staff = sa.Table(
    "staff",
    metadata,
    sa.Column("staff_id", sa.Text, primary_key=True),
    sa.Column("roles", JSONB, nullable=False),
    sa.Column("team_id", sa.Text, nullable=False),
    sa.Column("branch_id", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

products = sa.Table(
    "products",
    metadata,
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

kyc = sa.Table(
    "kyc",
    metadata,
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("expires_on", sa.Date),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

customers = sa.Table(
    "customers",
    metadata,
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)
