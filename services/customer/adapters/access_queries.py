"""Grants of access and handovers as they are asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.paging import Order, Page
from chassis.scope import Scope
from services.customer.adapters.grants import active_at, to_grant
from services.customer.adapters.handovers import no_such_handover, to_handover
from services.customer.adapters.scoping import grant_seen, handover_seen
from services.customer.adapters.tables import access_grants as grants
from services.customer.adapters.tables import handovers
from services.customer.domain.grant import Grant
from services.customer.domain.handover import Handover

NEWEST_FIRST = Order((grants.c.granted_at, grants.c.grant_id), descending=True)


@dataclass(frozen=True, kw_only=True)
class GrantFilter:
    now: datetime
    staff_id: str = ""
    customer_id: str = ""
    adviser_id: str = ""
    active: bool = False

    def narrow(self, statement: sa.Select[Any]) -> sa.Select[Any]:
        for column, value in (
            (grants.c.staff_id, self.staff_id),
            (grants.c.customer_id, self.customer_id),
            (grants.c.adviser_id, self.adviser_id),
        ):
            if value:
                statement = statement.where(column == value)
        return statement.where(active_at(self.now)) if self.active else statement


class AccessQueries:
    def __init__(self, engine: sa.Engine, scope: Callable[[], Scope]) -> None:
        self._engine = engine
        self._scope = scope

    def grants(self, wanted: GrantFilter, page: Page) -> tuple[Sequence[Grant], str]:
        asked = wanted.narrow(sa.select(grants).where(grant_seen(self._scope())))
        with self._engine.connect() as connection:
            rows = connection.execute(NEWEST_FIRST.page(asked, page)).all()
        shown, following = NEWEST_FIRST.cut(rows, page)
        return [to_grant(row) for row in shown], following

    def handover(self, handover_id: str) -> Handover:
        here = handovers.c.handover_id == handover_id
        asked = sa.select(handovers).where(here, handover_seen(self._scope()))
        with self._engine.connect() as connection:
            row = connection.execute(asked).one_or_none()
        if row is None:
            raise no_such_handover()
        return to_handover(row)
