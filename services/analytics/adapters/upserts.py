"""Insert many rows in one statement, or change those that are there."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert


def insertion(table: sa.Table) -> Insert:
    """The rows come as one array per column, so that their number does not change the statement."""
    arrays = [
        sa.func.unnest(sa.bindparam(_name(column), type_=ARRAY(column.type)))
        for column in table.columns
    ]
    return insert(table).from_select(list(table.columns), sa.select(*arrays))


def upsert(table: sa.Table) -> Insert:
    """Take the place of rows with the same key."""
    row = insertion(table)
    return row.on_conflict_do_update(
        index_elements=list(table.primary_key), set_=_values(table, row)
    )


def upsert_newer(table: sa.Table) -> Insert:
    """As upsert, unless what is there has a higher sequence."""
    row = insertion(table)
    return row.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_=_values(table, row),
        where=row.excluded.sequence > table.c.sequence,
    )


def arrays(table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The parameters of these statements."""
    listed = list(rows)
    return {_name(column): [row[column.name] for row in listed] for column in table.columns}


def _name(column: sa.Column[Any]) -> str:
    return f"{column.table.name}_{column.name}"


def _values(table: sa.Table, row: Insert) -> dict[str, Any]:
    return {c.name: row.excluded[c.name] for c in table.columns if not c.primary_key}
