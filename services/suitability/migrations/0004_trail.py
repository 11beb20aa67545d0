"""Who changed what: a trail of its own."""

from alembic import op

from chassis.trail.tables import create_trail, watch

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    create_trail(op)
    watch(op, "profiles", "customer_id", "standing_level version")
    watch(
        op,
        "assessments",
        "customer_id",
        "assessment_id level source previous_level assessed_on valid_until questionnaire_version",
    )
    watch(
        op,
        "decisions",
        "decision_id",
        "sale_id customer_id product_id amount outcome decided_by valid_until stale_at version",
    )
