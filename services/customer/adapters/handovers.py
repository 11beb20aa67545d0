"""Handovers in PostgreSQL: who is to move is written down once, and moved in batches."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.errors import NotFound
from chassis.scope import EVERYTHING, Scope
from services.customer.adapters.scoping import seen
from services.customer.adapters.tables import customers, handover_customers, handovers
from services.customer.domain.handover import Batch, Handover, Reason
from services.customer.domain.staff import Assignment

TEXTS = sa.ARRAY(sa.Text)
waiting = handover_customers


class SqlHandovers:
    def __init__(self, session: Session, scope: Scope = EVERYTHING) -> None:
        self._session = session
        self._seen = seen(scope)

    def get(self, handover_id: str) -> Handover:
        asked = sa.select(handovers).where(handovers.c.handover_id == handover_id)
        row = self._session.execute(asked.with_for_update()).one_or_none()
        if row is None:
            raise no_such_handover()
        return to_handover(row)

    def add(self, handover: Handover, wanted: Collection[str]) -> None:
        self._session.execute(handovers.insert().values(handover_values(handover)))
        book = sa.select(sa.literal(handover.handover_id), customers.c.customer_id).where(
            self._seen, *still_to_move(handover)
        )
        if wanted:
            book = book.where(customers.c.customer_id == one_of(wanted))
        settle = waiting.insert().from_select(["handover_id", "customer_id"], book)
        settled = self._session.execute(settle.returning(waiting.c.customer_id)).all()
        handover.customers = len(settled)
        self.save(handover)

    def move(self, handover: Handover, limit: int, at: datetime) -> Batch:
        theirs = waiting.c.handover_id == handover.handover_id
        next_ones = sa.select(waiting.c.customer_id).where(theirs).order_by(waiting.c.customer_id)
        asked = list(self._session.execute(next_ones.limit(limit)).scalars())
        moved = self._assign(asked, handover, at)
        done = waiting.delete().where(theirs, waiting.c.customer_id == one_of(asked))
        self._session.execute(done)
        return Batch(moved, [each for each in asked if each not in set(moved)])

    def save(self, handover: Handover) -> None:
        here = handovers.c.handover_id == handover.handover_id
        self._session.execute(handovers.update().where(here).values(handover_values(handover)))

    def _assign(self, asked: Sequence[str], handover: Handover, at: datetime) -> Sequence[str]:
        """Lock the customers in the order of their ids: two works never wait in a ring."""
        movable = sa.select(customers.c.customer_id).where(
            customers.c.customer_id == one_of(asked), *still_to_move(handover)
        )
        ordered = movable.order_by(customers.c.customer_id).with_for_update()
        moved = list(self._session.execute(ordered).scalars())
        new = {**vars(handover.to), "version": customers.c.version + 1, "updated_at": at}
        here = customers.c.customer_id == one_of(moved)
        self._session.execute(customers.update().where(here).values(new))
        return moved


def still_to_move(handover: Handover) -> tuple[sa.ColumnElement[bool], ...]:
    """With the former adviser, and not as they shall be."""
    to = handover.to
    same = sa.and_(
        customers.c.adviser_id == to.adviser_id,
        customers.c.team_id == to.team_id,
        customers.c.branch_id == to.branch_id,
    )
    return customers.c.adviser_id == handover.from_adviser_id, sa.not_(same)


def one_of(ids: Collection[str]) -> sa.ColumnElement[Any]:
    return sa.any_(sa.literal(list(ids), TEXTS))


def to_handover(row: sa.Row[Any]) -> Handover:
    return Handover(
        handover_id=row.handover_id,
        from_adviser_id=row.from_adviser_id,
        to=Assignment(row.to_adviser_id, row.to_team_id, row.to_branch_id),
        reason=Reason(row.reason),
        access_until=row.access_until,
        started_by=row.started_by,
        started_at=row.started_at,
        finished_at=row.finished_at,
        customers=row.customers,
        moved=row.moved,
        skipped=row.skipped,
    )


def handover_values(handover: Handover) -> dict[str, Any]:
    return {
        "handover_id": handover.handover_id,
        "from_adviser_id": handover.from_adviser_id,
        "to_adviser_id": handover.to.adviser_id,
        "to_team_id": handover.to.team_id,
        "to_branch_id": handover.to.branch_id,
        "reason": handover.reason,
        "access_until": handover.access_until,
        "started_by": handover.started_by,
        "started_at": handover.started_at,
        "finished_at": handover.finished_at,
        "customers": handover.customers,
        "moved": handover.moved,
        "skipped": handover.skipped,
    }


def no_such_handover() -> NotFound:
    return NotFound("no_such_handover", "there is no such handover", "没有这次客户移交")
