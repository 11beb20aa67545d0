"""The figures, how fresh they are, and the months that were closed, in PostgreSQL."""

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.analytics.adapters.tables import closed_months, figures, freshness
from services.analytics.adapters.upserts import arrays, insertion
from services.analytics.domain.figures import Movements
from services.analytics.domain.month import Month, MonthClosed

NOTE = freshness.update().values(
    events_applied=freshness.c.events_applied + 1,
    last_event_at=sa.func.greatest(freshness.c.last_event_at, sa.bindparam("event_at")),
)
KEY = list(figures.primary_key)
MOVED = insertion(figures)
MOVE = MOVED.on_conflict_do_update(
    index_elements=KEY,
    set_={"value": sa.func.trim_scale(figures.c.value + MOVED.excluded.value)},
).returning(figures)
FORGET = figures.delete().where(
    *(column == sa.bindparam(f"at_{column.name}") for column in KEY),
)
TOTAL = sa.select(sa.func.coalesce(sa.func.sum(figures.c.value), 0)).where(
    figures.c.measure == sa.bindparam("measure"), figures.c.month <= sa.bindparam("until")
)
FIRST_MONTH = sa.select(sa.func.min(figures.c.month)).where(
    figures.c.measure == sa.bindparam("measure")
)
LAST_CLOSED = sa.select(sa.func.max(closed_months.c.month))


class SqlFreshness:
    def __init__(self, session: Session) -> None:
        self._session = session

    def note(self, at: datetime) -> None:
        self._session.execute(NOTE, {"event_at": at})


class SqlFigures:
    def __init__(self, session: Session) -> None:
        self._session = session

    def move(self, movements: Movements) -> None:
        if not movements:
            return
        rows = [vars(cell) | {"value": value} for cell, value in movements.items()]
        gone = [row for row in self._session.execute(MOVE, arrays(figures, rows)) if not row.value]
        if gone:
            keys = [{f"at_{c.name}": getattr(row, c.name) for c in KEY} for row in gone]
            self._session.execute(FORGET, keys)

    def total(self, measure: str, until: Month) -> Decimal:
        asked = {"measure": measure, "until": until}
        return Decimal(self._session.execute(TOTAL, asked).scalar_one())

    def first_month(self, measure: str) -> Month | None:
        first: Month | None = self._session.execute(FIRST_MONTH, {"measure": measure}).scalar_one()
        return first


class SqlClosedMonths:
    def __init__(self, session: Session) -> None:
        self._session = session

    def last(self) -> Month | None:
        last: Month | None = self._session.execute(LAST_CLOSED).scalar_one()
        return last

    def add(self, closed: MonthClosed) -> None:
        self._session.execute(closed_months.insert(), vars(closed))
