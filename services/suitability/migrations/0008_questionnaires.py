"""Questionnaires as they were answered, and which of them an assessment rests on."""

import sqlalchemy as sa
from alembic import op

from chassis.trail.tables import watch

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "questionnaires",
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("assessments", sa.Column("questionnaire_digest", sa.Text))
    watch(op, "questionnaires", "version", "digest answered_at")
