"""Who made, wrapped anew and retired which data key is in the trail."""

from alembic import op

from chassis.trail.tables import watch

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    watch(op, "data_keys", "key_id", "algorithm kek_id created_at retired_at")
