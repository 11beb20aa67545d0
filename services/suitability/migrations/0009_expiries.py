"""When the assessment that counts ends, and who confirmed a changed level, and when."""

import sqlalchemy as sa
from alembic import op

from chassis.trail.tables import watch

revision = "0009"
down_revision = "0008"

# Of those that count now. What is over already is told of by nobody.
BACKFILL = """
    INSERT INTO expiries (customer_id, assessment_id, valid_until, tell_on)
    SELECT DISTINCT ON (customer_id) customer_id, assessment_id, valid_until,
        CASE WHEN valid_until >= CURRENT_DATE THEN valid_until - 30 END
    FROM assessments
    ORDER BY customer_id, at DESC, assessment_id DESC
"""


def upgrade() -> None:
    op.create_table(
        "expiries",
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("assessment_id", sa.Text, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("tell_on", sa.Date),
    )
    op.create_index("expiries_by_last_day", "expiries", ["valid_until", "customer_id"])
    op.create_index(
        "expiries_to_tell",
        "expiries",
        ["tell_on", "customer_id"],
        postgresql_where=sa.text("tell_on IS NOT NULL"),
    )
    op.execute(BACKFILL)
    op.create_table(
        "level_confirmations",
        sa.Column("assessment_id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("previous_level", sa.Text, nullable=False),
        sa.Column("confirmed_by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    watch(op, "level_confirmations", "customer_id", "assessment_id confirmed_by at")
