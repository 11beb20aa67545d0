"""Leads and sales under way, in PostgreSQL."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.analytics.adapters.tables import arrivals, journeys
from services.analytics.adapters.upserts import arrays, upsert
from services.analytics.domain.journey import Arrival, Journey, Particulars, Stage

ONE_JOURNEY = (
    sa.select(journeys, arrivals.c.stage, arrivals.c.at, arrivals.c.month)
    .join(arrivals)
    .where(journeys.c.journey_id == sa.bindparam("journey_id"))
)
KEEP_JOURNEY = upsert(journeys)
KEEP_ARRIVALS = upsert(arrivals)


class SqlJourneys:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, journey_id: str) -> Journey:
        journey = Journey(journey_id)
        for row in self._session.execute(ONE_JOURNEY, {"journey_id": journey_id}):
            journey.particulars = to_particulars(row)
            journey.arrivals[Stage(row.stage)] = Arrival(row.at, row.month)
        return journey

    def save(self, journey: Journey) -> None:
        key = {"journey_id": journey.journey_id}
        told = key | vars(journey.particulars)
        reached = [
            key | {"stage": stage, **vars(arrival)} for stage, arrival in journey.arrivals.items()
        ]
        self._session.execute(KEEP_JOURNEY, arrays(journeys, [told]))
        self._session.execute(KEEP_ARRIVALS, arrays(arrivals, reached))


def to_particulars(row: sa.Row[Any]) -> Particulars:
    return Particulars(
        adviser_id=row.adviser_id,
        team_id=row.team_id,
        product_id=row.product_id,
        amount=row.amount,
        sequence=row.sequence,
    )
