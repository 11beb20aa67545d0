"""The tables of the customer service; columns named *_sealed hold encrypted personal data."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.answer_rows import answers_table
from chassis.custody import shares_table
from chassis.mailbox import mailbox_tables
from chassis.sealing.tables import data_keys_table
from chassis.trail.tables import trail_tables

metadata = sa.MetaData()
mailbox = mailbox_tables(metadata)
answers = answers_table(metadata)
shares = shares_table(metadata)  # who may see what for a time, beside their own
trail_tables(metadata)

MOMENT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(20, 2)
UNITS = sa.Numeric(28, 8)

customers = sa.Table(
    "customers",
    metadata,
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("customer_no", sa.Text, nullable=False),  # empty until the institution gave one
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name_sealed", sa.Text, nullable=False),
    sa.Column("name_index", sa.LargeBinary, nullable=False),
    sa.Column("sex", sa.Text, nullable=False),
    sa.Column("identity_sealed", sa.Text, nullable=False),
    sa.Column("identity_index", sa.LargeBinary),
    sa.Column("identity_contested", sa.Boolean, nullable=False, server_default=sa.false()),
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
    sa.Column("kyc_reason", sa.Text, nullable=False),  # of old, until it is sealed
    sa.Column("kyc_reason_sealed", sa.Text, nullable=False, server_default=""),
    sa.Column("kyc_expires_on", sa.Date),
    sa.Column("facts", JSONB, nullable=False),
    sa.Column("risk_level", sa.Text, nullable=False),
    sa.Column("risk_level_valid_until", sa.Date),
    sa.Column("risk_level_sequence", sa.BigInteger, nullable=False),
    sa.Column("aum", MONEY, nullable=False, server_default="0"),  # kept by the portfolio
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("updated_at", MOMENT, nullable=False),
    sa.Index("customers_by_number", "customer_no", "customer_id"),
    sa.Index("customers_by_aum", "aum", "customer_id"),
    sa.Index("customers_by_creation", "created_at", "customer_id"),
    sa.Index("customers_by_adviser", "adviser_id", "customer_no", "customer_id"),
    sa.Index("customers_by_team", "team_id", "customer_no", "customer_id"),
    sa.Index("customers_by_branch", "branch_id", "customer_no", "customer_id"),
    sa.Index("customers_by_name", "name_index"),
    sa.Index("customers_by_identity", "identity_index"),
    sa.Index("customers_by_phone", "phone_index"),
)

# One customer for each identity number; a contested claim to it waits beside.
sa.Index(
    "customers_identified_once",
    customers.c.identity_index,
    unique=True,
    postgresql_where=sa.not_(customers.c.identity_contested),
)

# Every number the institution ever gave to a customer; place 0 is the one that counts.
customer_numbers = sa.Table(
    "customer_numbers",
    metadata,
    sa.Column("customer_no", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Index("customer_numbers_by_customer", "customer_id", "place"),
)

# What was submitted and how it was reviewed, one row per step.
kyc_records = sa.Table(
    "kyc_records",
    metadata,
    sa.Column("record_id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), nullable=False),
    sa.Column("kyc_id", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("done_by", sa.Text, nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),  # of old, until it is sealed
    sa.Column("reason_sealed", sa.Text, nullable=False, server_default=""),
    sa.Column("expires_on", sa.Date),
    sa.Column("answers_sealed", sa.Text, nullable=False),
    sa.Index("kyc_records_by_customer", "customer_id", "record_id"),
)

fact_versions = sa.Table(
    "fact_versions",
    metadata,
    sa.Column("version_id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), nullable=False),
    sa.Column("facts", JSONB, nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Index("fact_versions_by_customer", "customer_id", "version_id"),
)

lots = sa.Table(
    "lots",
    metadata,
    sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), primary_key=True),
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, primary_key=True),  # such as book:K700002 or sale:<id>
    sa.Column("units", UNITS, nullable=False),
    sa.Column("market_value", MONEY, nullable=False),
    sa.Column("valued_on", sa.Date, nullable=False),
)

transactions = sa.Table(
    "transactions",
    metadata,
    sa.Column("transaction_id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), nullable=False),
    sa.Column("product_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("amount", MONEY, nullable=False),
    sa.Column("traded_on", sa.Date, nullable=False),
    sa.Index("transactions_by_customer", "customer_id", "traded_on", "transaction_id"),
)

family_links = sa.Table(
    "family_links",
    metadata,
    sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), primary_key=True),
    sa.Column("member_id", sa.Text, sa.ForeignKey("customers.customer_id"), primary_key=True),
    sa.Column("relation", sa.Text, nullable=False),
)
sa.Index(
    "family_links_once",
    sa.func.least(family_links.c.customer_id, family_links.c.member_id),
    sa.func.greatest(family_links.c.customer_id, family_links.c.member_id),
    unique=True,
)
sa.Index("family_links_by_member", family_links.c.member_id)

data_keys = data_keys_table(metadata)

# Access to clients beyond one's own; what counts of it is in shares, too.
access_grants = sa.Table(
    "access_grants",
    metadata,
    sa.Column("grant_id", sa.Text, primary_key=True),
    sa.Column("staff_id", sa.Text, nullable=False),
    sa.Column("customer_id", sa.Text, nullable=False),  # either this
    sa.Column("adviser_id", sa.Text, nullable=False),  # or all clients of this adviser
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("valid_from", MOMENT, nullable=False),
    sa.Column("valid_until", MOMENT, nullable=False),
    sa.Column("granted_by", sa.Text, nullable=False),
    sa.Column("granted_at", MOMENT, nullable=False),
    sa.Column("ended_by", sa.Text, nullable=False),
    sa.Column("ended_at", MOMENT),
    sa.Index("access_grants_by_time", "granted_at", "grant_id"),
    sa.Index("access_grants_by_staff", "staff_id", "granted_at"),
    sa.Index("access_grants_by_customer", "customer_id", "granted_at"),
    sa.Index("access_grants_by_adviser", "adviser_id", "granted_at"),
)

handovers = sa.Table(
    "handovers",
    metadata,
    sa.Column("handover_id", sa.Text, primary_key=True),
    sa.Column("from_adviser_id", sa.Text, nullable=False),
    sa.Column("to_adviser_id", sa.Text, nullable=False),
    sa.Column("to_team_id", sa.Text, nullable=False),
    sa.Column("to_branch_id", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("access_until", MOMENT),
    sa.Column("started_by", sa.Text, nullable=False),
    sa.Column("started_at", MOMENT, nullable=False),
    sa.Column("finished_at", MOMENT),
    sa.Column("customers", sa.Integer, nullable=False),
    sa.Column("moved", sa.Integer, nullable=False),
    sa.Column("skipped", sa.Integer, nullable=False),
)

# Who still waits to be moved.
handover_customers = sa.Table(
    "handover_customers",
    metadata,
    sa.Column("handover_id", sa.Text, sa.ForeignKey("handovers.handover_id"), primary_key=True),
    sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), primary_key=True),
)

# What was shown in clear, to whom and why; the trail tells of it, too.
unmaskings = sa.Table(
    "unmaskings",
    metadata,
    sa.Column("unmasking_id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), nullable=False),
    sa.Column("fields", ARRAY(sa.Text), nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("note_sealed", sa.Text, nullable=False),
    sa.Column("shown_to", sa.Text, nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Index("unmaskings_by_customer", "customer_id", "unmasking_id"),
)

staff = sa.Table(
    "staff",
    metadata,
    sa.Column("staff_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("roles", ARRAY(sa.Text), nullable=False),
    sa.Column("team_id", sa.Text, nullable=False),
    sa.Column("team_name", sa.Text, nullable=False),
    sa.Column("branch_id", sa.Text, nullable=False),
    sa.Column("branch_name", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
)

product_names = sa.Table(
    "product_names",
    metadata,
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

imports = sa.Table(
    "imports",
    metadata,
    sa.Column("import_id", sa.Text, primary_key=True),
    sa.Column("file_name", sa.Text, nullable=False),  # of old, until it is sealed
    sa.Column("file_name_sealed", sa.Text, nullable=False, server_default=""),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("received_by", sa.Text, nullable=False),
    sa.Column("received_at", MOMENT, nullable=False),
    sa.Column("finished_at", MOMENT),
    sa.Column("reason_code", sa.Text, nullable=False),
    sa.Column("reason_en", sa.Text, nullable=False),
    sa.Column("reason_zh", sa.Text, nullable=False),
    sa.Column("result", JSONB),
    sa.Index("imports_by_arrival", "received_at", "import_id"),
)

# The sealed file, until it has been applied or refused.
import_files = sa.Table(
    "import_files",
    metadata,
    sa.Column("import_id", sa.Text, sa.ForeignKey("imports.import_id"), primary_key=True),
    sa.Column("content_sealed", sa.LargeBinary, nullable=False),
)

import_notes = sa.Table(
    "import_notes",
    metadata,
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
