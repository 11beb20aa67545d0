"""Customers and what is known, held and imported of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.mailbox_migrations import create_mailbox

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(20, 2)
UNITS = sa.Numeric(28, 8)


def upgrade() -> None:
    create_mailbox(op)
    create_people()
    create_positions()
    create_registers()
    create_imports()


def create_people() -> None:
    op.create_table(
        "customers",
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("customer_no", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name_sealed", sa.Text, nullable=False),
        sa.Column("name_index", sa.LargeBinary, nullable=False),
        sa.Column("sex", sa.Text, nullable=False),
        sa.Column("identity_sealed", sa.Text, nullable=False),
        sa.Column("identity_index", sa.LargeBinary, unique=True),
        sa.Column("phone_sealed", sa.Text, nullable=False),
        sa.Column("phone_index", sa.LargeBinary),
        sa.Column("wechat_sealed", sa.Text, nullable=False),
        sa.Column("address_sealed", sa.Text, nullable=False),
        sa.Column("born_on", sa.Date),
        sa.Column("tags", ARRAY(sa.Text), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("lead_id", sa.Text, nullable=False),
        sa.Column("registered_by", sa.Text, nullable=False),
        sa.Column("adviser_id", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("branch_id", sa.Text, nullable=False),
        sa.Column("assignment_sequence", sa.BigInteger, nullable=False),
        sa.Column("kyc_id", sa.Text, nullable=False),
        sa.Column("kyc_state", sa.Text, nullable=False),
        sa.Column("kyc_submitted_by", sa.Text, nullable=False),
        sa.Column("kyc_submitted_at", MOMENT),
        sa.Column("kyc_reviewed_by", sa.Text, nullable=False),
        sa.Column("kyc_reviewed_at", MOMENT),
        sa.Column("kyc_reason", sa.Text, nullable=False),
        sa.Column("kyc_expires_on", sa.Date),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("risk_level", sa.Text, nullable=False),
        sa.Column("risk_level_valid_until", sa.Date),
        sa.Column("risk_level_sequence", sa.BigInteger, nullable=False),
        sa.Column("aum", MONEY, nullable=False, server_default="0"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    op.create_index("customers_by_number", "customers", ["customer_no", "customer_id"])
    op.create_index("customers_by_aum", "customers", ["aum", "customer_id"])
    op.create_index("customers_by_creation", "customers", ["created_at", "customer_id"])
    op.create_index(
        "customers_by_adviser", "customers", ["adviser_id", "customer_no", "customer_id"]
    )
    op.create_index("customers_by_team", "customers", ["team_id", "customer_no", "customer_id"])
    op.create_index("customers_by_name", "customers", ["name_index"])
    op.create_index("customers_by_phone", "customers", ["phone_index"])
    op.create_table(
        "customer_numbers",
        sa.Column("customer_no", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
    )
    op.create_index("customer_numbers_by_customer", "customer_numbers", ["customer_id", "place"])
    op.create_table(
        "kyc_records",
        sa.Column("record_id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), nullable=False),
        sa.Column("kyc_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("done_by", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("expires_on", sa.Date),
        sa.Column("answers_sealed", sa.Text, nullable=False),
    )
    op.create_index("kyc_records_by_customer", "kyc_records", ["customer_id", "record_id"])
    op.create_table(
        "fact_versions",
        sa.Column("version_id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("fact_versions_by_customer", "fact_versions", ["customer_id", "version_id"])


def create_positions() -> None:
    op.create_table(
        "lots",
        sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), primary_key=True),
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("units", UNITS, nullable=False),
        sa.Column("market_value", MONEY, nullable=False),
        sa.Column("valued_on", sa.Date, nullable=False),
    )
    op.create_table(
        "transactions",
        sa.Column("transaction_id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("traded_on", sa.Date, nullable=False),
    )
    op.create_index(
        "transactions_by_customer", "transactions", ["customer_id", "traded_on", "transaction_id"]
    )
    op.create_table(
        "family_links",
        sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), primary_key=True),
        sa.Column("member_id", sa.Text, sa.ForeignKey("customers.customer_id"), primary_key=True),
        sa.Column("relation", sa.Text, nullable=False),
    )
    op.create_index(
        "family_links_once",
        "family_links",
        [sa.text("least(customer_id, member_id)"), sa.text("greatest(customer_id, member_id)")],
        unique=True,
    )
    op.create_index("family_links_by_member", "family_links", ["member_id"])


def create_registers() -> None:
    op.create_table(
        "staff",
        sa.Column("staff_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("roles", ARRAY(sa.Text), nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("team_name", sa.Text, nullable=False),
        sa.Column("branch_id", sa.Text, nullable=False),
        sa.Column("branch_name", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "product_names",
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )


def create_imports() -> None:
    op.create_table(
        "imports",
        sa.Column("import_id", sa.Text, primary_key=True),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("received_by", sa.Text, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("reason_code", sa.Text, nullable=False),
        sa.Column("reason_en", sa.Text, nullable=False),
        sa.Column("reason_zh", sa.Text, nullable=False),
        sa.Column("result", JSONB),
    )
    op.create_index("imports_by_arrival", "imports", ["received_at", "import_id"])
    op.create_table(
        "import_files",
        sa.Column("import_id", sa.Text, sa.ForeignKey("imports.import_id"), primary_key=True),
        sa.Column("content_sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "import_notes",
        sa.Column("import_id", sa.Text, sa.ForeignKey("imports.import_id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("sheet", sa.Text, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("customer_no", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("en", sa.Text, nullable=False),
        sa.Column("zh", sa.Text, nullable=False),
    )
