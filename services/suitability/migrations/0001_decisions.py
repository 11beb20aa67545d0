"""Facts kept from events, risk profiles, decisions."""

import sqlalchemy as sa
from alembic import op

from chassis.mailbox_migrations import create_mailbox

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_mailbox(op)
    for name, subject in (("customers", "customer_id"), ("products", "product_id")):
        create_kept(name, subject)
    create_profiles()
    create_decisions()


def create_kept(name: str, subject: str) -> None:
    op.create_table(
        name,
        sa.Column(subject, sa.Text, primary_key=True),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        f"{name}_versions",
        sa.Column(subject, sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, primary_key=True),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )


def create_profiles() -> None:
    op.create_table(
        "profiles",
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("standing_level", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "assessments",
        sa.Column("assessment_id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, sa.ForeignKey("profiles.customer_id"), nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("lowest_category", sa.Boolean),
        sa.Column("score", sa.Integer),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("previous_level", sa.Text),
        sa.Column("assessed_on", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("questionnaire_version", sa.Text),
        sa.Column("answers", sa.JSON),
        sa.Column("author", sa.Text),
        sa.Column("device", sa.Text),
        sa.Column("started_at", MOMENT),
        sa.Column("ended_at", MOMENT),
    )
    op.create_index("assessments_by_customer", "assessments", ["customer_id", "assessment_id"])


def create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.Text, primary_key=True),
        sa.Column("sale_id", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("amount", sa.Numeric(20, 2), nullable=False),
        sa.Column("asked", sa.JSON, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("receipt", sa.JSON, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("valid_until", MOMENT, nullable=False),
        sa.Column("stale_at", MOMENT),
        sa.Column("stale_reason_en", sa.Text, nullable=False, server_default=""),
        sa.Column("stale_reason_zh", sa.Text, nullable=False, server_default=""),
        sa.Column("version", sa.Integer, nullable=False),
    )
    for what in ("customer", "product", "sale"):
        op.create_index(f"decisions_by_{what}", "decisions", [f"{what}_id", "decision_id"])
    for what in ("customer", "product"):
        op.create_index(
            f"open_decisions_by_{what}",
            "decisions",
            [f"{what}_id"],
            postgresql_where=sa.text("outcome = 'ALLOW' AND stale_at IS NULL"),
        )
