"""Insert rows, or take the place of those with the same key."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert


def upsert(table: sa.Table) -> Insert:
    row = insert(table)
    return row.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={name: row.excluded[name] for name in _values(table)},
    )


def upsert_newer(table: sa.Table) -> Insert:
    """As upsert, unless what is there has a higher sequence."""
    row = insert(table)
    return row.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={name: row.excluded[name] for name in _values(table)},
        where=row.excluded.sequence > table.c.sequence,
    )


def _values(table: sa.Table) -> list[str]:
    return [column.name for column in table.columns if not column.primary_key]
