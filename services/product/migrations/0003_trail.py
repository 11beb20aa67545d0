"""Who changed what: a trail of its own."""

from alembic import op

from chassis.trail.tables import create_trail, watch

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    create_trail(op)
    watch(
        op,
        "products",
        "product_id",
        "name kind placement asset_class issuer_level seller_level effective_level "
        "minimum_amount matures_on nav nav_as_of cooling_off_hours state version",
    )
    watch(
        op,
        "ratings",
        "product_id",
        "issuer_level seller_level effective_level rated_by",
    )
    watch(op, "navs", "product_id", "as_of nav")
