"""Rehearsals and their reports, read without a transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.paging import Order, Page
from services.suitability.adapters.rehearsals import no_such_rehearsal
from services.suitability.adapters.tables import (
    rehearsal_cases,
    rehearsal_tallies,
    rehearsals,
)

Rows = tuple[Sequence[sa.Row[Any]], str]

NEWEST = Order((rehearsals.c.rehearsal_id,), descending=True)
IN_ORDER = Order((rehearsal_cases.c.number,))
MOST_CASES = Order(
    (
        rehearsal_tallies.c.cases,
        rehearsal_tallies.c.key,
        rehearsal_tallies.c.part,
        rehearsal_tallies.c.turn,
    ),
    descending=True,
)


class RehearsalQueries:
    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def one(self, rehearsal_id: str) -> sa.Row[Any]:
        """Raise NotFound when there is none."""
        asked = sa.select(rehearsals).where(rehearsals.c.rehearsal_id == rehearsal_id)
        with self._engine.connect() as connection:
            row = connection.execute(asked).one_or_none()
        if row is None:
            raise no_such_rehearsal()
        return row

    def of_pack(self, pack_id: str, page: Page) -> Rows:
        return self._page(
            NEWEST, sa.select(rehearsals).where(rehearsals.c.pack_id == pack_id), page
        )

    def tallies(self, rehearsal_id: str, wanted: Mapping[str, str], page: Page) -> Rows:
        """*wanted* by dimension, part or turn; empty ones do not narrow."""
        asked = sa.select(rehearsal_tallies).where(
            rehearsal_tallies.c.rehearsal_id == rehearsal_id,
            *(rehearsal_tallies.c[name] == value for name, value in wanted.items() if value),
        )
        return self._page(MOST_CASES, asked, page)

    def cases(self, rehearsal_id: str, wanted: Mapping[str, str], rule_id: str, page: Page) -> Rows:
        """*wanted* by part, turn, customer_id, product_id, branch_id or adviser_id."""
        asked = sa.select(rehearsal_cases).where(
            rehearsal_cases.c.rehearsal_id == rehearsal_id,
            *(rehearsal_cases.c[name] == value for name, value in wanted.items() if value),
            *((rehearsal_cases.c.rules.contains([rule_id]),) if rule_id else ()),
        )
        return self._page(IN_ORDER, asked, page)

    def _page(self, order: Order, statement: sa.Select[Any], page: Page) -> Rows:
        with self._engine.connect() as connection:
            return order.cut(connection.execute(order.page(statement, page)).all(), page)
