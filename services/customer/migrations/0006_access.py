"""Access for a time, clients handed over, and personal data shown in clear."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.trail.tables import watch

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_grants()
    create_handovers()
    create_unmaskings()


def create_grants() -> None:
    op.create_table(
        "access_grants",
        sa.Column("grant_id", sa.Text, primary_key=True),
        sa.Column("staff_id", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("adviser_id", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.Column("valid_until", MOMENT, nullable=False),
        sa.Column("granted_by", sa.Text, nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("ended_by", sa.Text, nullable=False),
        sa.Column("ended_at", MOMENT),
    )
    op.create_index("access_grants_by_time", "access_grants", ["granted_at", "grant_id"])
    op.create_index("access_grants_by_staff", "access_grants", ["staff_id", "granted_at"])
    op.create_index("access_grants_by_customer", "access_grants", ["customer_id", "granted_at"])
    op.create_index("access_grants_by_adviser", "access_grants", ["adviser_id", "granted_at"])
    watch(
        op,
        "access_grants",
        "grant_id",
        "staff_id customer_id adviser_id purpose valid_from valid_until granted_by ended_by",
    )


def create_handovers() -> None:
    op.create_table(
        "handovers",
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
    op.create_table(
        "handover_customers",
        sa.Column("handover_id", sa.Text, sa.ForeignKey("handovers.handover_id"), primary_key=True),
        sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), primary_key=True),
    )
    watch(
        op,
        "handovers",
        "handover_id",
        "from_adviser_id to_adviser_id reason access_until started_by customers moved skipped",
    )


def create_unmaskings() -> None:
    op.create_table(
        "unmaskings",
        sa.Column("unmasking_id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.customer_id"), nullable=False),
        sa.Column("fields", ARRAY(sa.Text), nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("note_sealed", sa.Text, nullable=False),
        sa.Column("shown_to", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("unmaskings_by_customer", "unmaskings", ["customer_id", "unmasking_id"])
    watch(op, "unmaskings", "customer_id", "fields purpose shown_to")
