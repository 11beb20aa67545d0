"""No name of an uploaded file in clear: it may name a client."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    sealed = sa.Column("file_name_sealed", sa.Text, nullable=False, server_default="")
    op.add_column("imports", sealed)
