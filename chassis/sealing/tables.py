"""The table of data keys that every service with something sealed has."""

from typing import Any

import sqlalchemy as sa

MOMENT = sa.DateTime(timezone=True)


def data_keys_table(metadata: sa.MetaData) -> sa.Table:
    """What personal data is sealed with, itself wrapped by a master key; the newest seals."""
    return sa.Table(
        "data_keys",
        metadata,
        sa.Column("key_id", sa.Text, primary_key=True),
        sa.Column("algorithm", sa.Text, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("kek_id", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT),
    )


def create_data_keys(op: Any) -> None:
    """For a migration of a service; *op* is alembic's."""
    metadata = sa.MetaData()
    data_keys_table(metadata)
    metadata.create_all(op.get_bind(), checkfirst=False)
