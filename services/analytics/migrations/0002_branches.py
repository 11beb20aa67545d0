"""The branch of each team; unknown until the customer service announces its staff again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("teams", sa.Column("branch_id", sa.Text, nullable=False, server_default=""))
    op.create_index("ix_teams_branch_id", "teams", ["branch_id"])
