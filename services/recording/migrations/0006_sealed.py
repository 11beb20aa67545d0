"""Why a recording was abandoned is sealed: it may name the client."""

import sqlalchemy as sa
from alembic import op

from chassis.sealing.tables import create_data_keys
from chassis.trail.tables import watch

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    create_data_keys(op)
    watch(op, "data_keys", "key_id", "algorithm kek_id created_at retired_at")
    sealed = sa.Column("abandoned_reason_sealed", sa.Text, nullable=False, server_default="")
    op.add_column("recordings", sealed)
