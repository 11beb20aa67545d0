"""Who changed what: a trail of its own."""

from alembic import op

from chassis.trail.tables import create_trail, watch

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    create_trail(op)
    watch(
        op,
        "leads",
        "lead_id",
        "customer_id state source adviser_id team_id branch_id version",
    )
    watch(
        op,
        "sales",
        "sale_id",
        "customer_id product_id adviser_id team_id amount channel initiated_by state signed_at "
        "paid_at cooling_off_until confirmed_on version",
    )
