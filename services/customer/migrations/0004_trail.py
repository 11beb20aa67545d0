"""Who changed what: a trail of its own."""

from alembic import op

from chassis.trail.tables import create_trail, watch

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    create_trail(op)
    watch(
        op,
        "customers",
        "customer_id",
        "customer_no state kind source lead_id registered_by adviser_id team_id branch_id "
        "kyc_id kyc_state kyc_submitted_by kyc_reviewed_by kyc_expires_on risk_level "
        "risk_level_valid_until version",
    )
    watch(op, "customer_numbers", "customer_id", "customer_no place")
    watch(
        op,
        "kyc_records",
        "customer_id",
        "kyc_id state done_by expires_on",
    )
    watch(op, "fact_versions", "customer_id", "changed_by")
    watch(op, "lots", "customer_id", "product_id source")
    watch(op, "transactions", "customer_id", "product_id kind traded_on")
    watch(op, "family_links", "customer_id", "member_id")
    watch(op, "staff", "staff_id", "roles team_id branch_id active")
    watch(
        op,
        "imports",
        "import_id",
        "state digest received_by reason_code",
    )
    watch(op, "import_files", "import_id")
    watch(
        op,
        "shares",
        "share_id",
        "staff_id subject_id owner_id purpose valid_from valid_until",
    )
