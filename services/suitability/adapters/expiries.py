"""When the assessment that counts ends, client by client, in PostgreSQL."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.suitability.adapters.tables import assessments, expiries
from services.suitability.domain.expiry import Expiry


class SqlExpiries:
    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, expiry: Expiry) -> None:
        values = {
            "customer_id": expiry.customer_id,
            "assessment_id": expiry.assessment_id,
            "valid_until": expiry.valid_until,
            "tell_on": expiry.tell_on,
        }
        self._session.execute(
            insert(expiries)
            .values(values)
            .on_conflict_do_update(index_elements=[expiries.c.customer_id], set_=values)
        )

    def claim_due(self, today: date, limit: int) -> Sequence[Expiry]:
        due = (
            sa.select(expiries, assessments.c.level)
            .join(assessments, assessments.c.assessment_id == expiries.c.assessment_id)
            .where(expiries.c.tell_on <= today)
            .order_by(expiries.c.tell_on, expiries.c.customer_id)
            .limit(limit)
            .with_for_update(of=expiries, skip_locked=True)
        )
        return [_to_expiry(row) for row in self._session.execute(due)]

    def save(self, expiry: Expiry) -> None:
        self._session.execute(
            expiries.update()
            .where(expiries.c.customer_id == expiry.customer_id)
            .values(tell_on=expiry.tell_on)
        )


def _to_expiry(row: sa.Row[Any]) -> Expiry:
    return Expiry(row.customer_id, row.assessment_id, row.level, row.valid_until, row.tell_on)
