"""Whatever the order in which events arrive, the same rows are kept; the fake keeps them too."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from hypothesis import given, settings

from chassis.database import Engines, begin
from services.analytics.adapters import tables
from services.analytics.adapters.database import SqlAnalyticsWork
from tests.analytics.bus import Listener, Told
from tests.analytics.integration.conftest import empty
from tests.analytics.stories import retellings
from tests.analytics.unit.fakes import FakeDatabase
from tests.tables import without_trail

COMPARED = [
    table
    for table in without_trail(tables.metadata)
    if table not in (tables.mailbox.inbox, tables.mailbox.outbox)
]


@settings(max_examples=15, deadline=None)
@given(told_twice=retellings())
def test_any_order_and_any_repetition_come_to_the_same_rows(
    engines: Engines, told_twice: tuple[list[Told], list[Told]]
) -> None:
    story, retold = told_twice

    expected = rows_after(engines.writes, story)

    assert rows_after(engines.writes, retold) == expected
    assert expected["figures"] == figures_of_the_fake(story)
    assert rows_after(engines.writes, retold, together=True) == expected


def rows_after(
    database: sa.Engine, story: list[Told], *, together: bool = False
) -> dict[str, list[dict[str, Any]]]:
    empty(database)
    listener = Listener(begin(database, SqlAnalyticsWork))
    if together:
        listener.hear_together(story)
    else:
        listener.hear_all(story)
    with database.connect() as connection:
        return {
            table.name: ordered(map(dict, connection.execute(sa.select(table)).mappings()))
            for table in COMPARED
        }


def figures_of_the_fake(story: list[Told]) -> list[dict[str, Any]]:
    fake = FakeDatabase()
    Listener(fake.begin).hear_all(story)
    return ordered(vars(cell) | {"value": value} for cell, value in fake.now.figures.cells.items())


def ordered(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """By all but the amounts: 1 and 1.00 are the same."""
    return sorted(rows, key=lambda row: str({k: row[k] for k in sorted(row) if not amount(row[k])}))


def amount(value: object) -> bool:
    return isinstance(value, Decimal)
