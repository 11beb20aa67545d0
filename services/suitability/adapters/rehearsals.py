"""Rehearsals, what they counted and what they kept, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.errors import NotFound
from chassis.scope import Custody
from chassis.versions import changed_meanwhile
from services.suitability.adapters.tables import (
    custody,
    customers,
    decisions,
    products,
    rehearsal_cases,
    rehearsal_tallies,
    rehearsals,
)
from services.suitability.domain.rehearsal import (
    Rehearsal,
    RehearsalState,
    RehearsedCase,
    Tally,
)
from services.suitability.usecases.rehearsal_ports import Extent, Past

KEPT = custody.custody.c
LATER = decisions.alias("later")
OVERTAKEN = sa.exists(
    sa.select(LATER.c.decision_id).where(
        decisions.c.sale_id != "",
        LATER.c.sale_id == decisions.c.sale_id,
        LATER.c.decision_id > decisions.c.decision_id,
        LATER.c.decision_id <= sa.bindparam("until"),
    )
)
PAST = (
    sa.select(
        decisions.c.decision_id,
        decisions.c.sale_id,
        decisions.c.customer_id,
        decisions.c.product_id,
        decisions.c.amount,
        decisions.c.receipt,
        sa.func.coalesce(KEPT.owner_id, "").label("owner_id"),
        sa.func.coalesce(KEPT.team_id, "").label("team_id"),
        sa.func.coalesce(KEPT.branch_id, "").label("branch_id"),
        (~OVERTAKEN).label("last"),
    )
    .join(custody.custody, KEPT.subject_id == decisions.c.customer_id, isouter=True)
    .where(decisions.c.decision_id > sa.bindparam("after"))
    .where(decisions.c.decision_id <= sa.bindparam("until"))
    .order_by(decisions.c.decision_id)
)


class SqlRehearsals:
    def __init__(self, session: Session) -> None:
        self._session = session

    def extent(self, since: datetime | None) -> Extent:
        counted = sa.select(
            sa.func.coalesce(sa.func.max(decisions.c.decision_id), ""), sa.func.count()
        ).where(*_since(since))
        until, number = self._session.execute(counted).one()
        return Extent(until, number, self._number(customers), self._number(products))

    def add(self, rehearsal: Rehearsal) -> None:
        rehearsal.version = 1
        self._session.execute(rehearsals.insert().values(vars(rehearsal)))

    def claim(self, rehearsal_id: str) -> Rehearsal:
        asked = sa.select(rehearsals).where(rehearsals.c.rehearsal_id == rehearsal_id)
        row = self._session.execute(asked.with_for_update()).one_or_none()
        if row is None:
            raise no_such_rehearsal()
        return to_rehearsal(row)

    def running(self, pack_id: str) -> Sequence[Rehearsal]:
        asked = sa.select(rehearsals).where(
            rehearsals.c.pack_id == pack_id, rehearsals.c.state == RehearsalState.RUNNING
        )
        rows = self._session.execute(asked.order_by(rehearsals.c.rehearsal_id).with_for_update())
        return [to_rehearsal(row) for row in rows]

    def stalled(self, since: datetime) -> str | None:
        last = sa.func.coalesce(rehearsals.c.advanced_at, rehearsals.c.started_at)
        asked = sa.select(rehearsals.c.rehearsal_id).where(
            rehearsals.c.state == RehearsalState.RUNNING, last <= since
        )
        return self._session.execute(asked.order_by(last).limit(1)).scalar_one_or_none()

    def save(self, rehearsal: Rehearsal) -> None:
        rehearsal.version += 1
        saved = self._session.execute(
            rehearsals.update()
            .where(rehearsals.c.rehearsal_id == rehearsal.rehearsal_id)
            .where(rehearsals.c.version == rehearsal.version - 1)
            .values(vars(rehearsal))
            .returning(rehearsals.c.version)
        ).one_or_none()
        if saved is None:
            raise changed_meanwhile()

    def past(self, rehearsal: Rehearsal, since: datetime | None, limit: int) -> Sequence[Past]:
        rows = self._session.execute(
            PAST.where(*_since(since)).limit(limit),
            {"after": rehearsal.decided, "until": rehearsal.until},
        )
        return [
            Past(
                row.decision_id,
                row.sale_id,
                row.customer_id,
                row.product_id,
                row.amount,
                row.receipt,
                Custody(row.owner_id, row.team_id, row.branch_id),
                row.last,
            )
            for row in rows
        ]

    def keep(self, rehearsal: Rehearsal, cases: Sequence[RehearsedCase], tally: Tally) -> None:
        first = rehearsal.cases_kept - len(cases) + 1
        rows = [
            {
                "rehearsal_id": rehearsal.rehearsal_id,
                "number": first + place,
                **case_values(case),
            }
            for place, case in enumerate(cases)
        ]
        if rows:
            self._session.execute(rehearsal_cases.insert(), rows)
        self._count(rehearsal.rehearsal_id, tally)

    def attached(self, pack_id: str, digest: str) -> Rehearsal | None:
        asked = sa.select(rehearsals).where(
            rehearsals.c.pack_id == pack_id,
            rehearsals.c.digest == digest,
            rehearsals.c.state == RehearsalState.FINISHED,
        )
        newest = asked.order_by(rehearsals.c.finished_at.desc()).limit(1)
        row = self._session.execute(newest).one_or_none()
        return to_rehearsal(row) if row else None

    def _count(self, rehearsal_id: str, tally: Tally) -> None:
        rows = [
            {
                "rehearsal_id": rehearsal_id,
                "part": part,
                "turn": turn,
                "dimension": dimension,
                "key": key,
                "cases": number,
                "money": tally.money.get((part, turn, dimension, key), Decimal()),
            }
            for (part, turn, dimension, key), number in tally.cases.items()
        ]
        if not rows:
            return
        added = insert(rehearsal_tallies)
        kept = rehearsal_tallies.c
        self._session.execute(
            added.on_conflict_do_update(
                index_elements=rehearsal_tallies.primary_key.columns,
                set_={
                    "cases": kept.cases + added.excluded.cases,
                    "money": kept.money + added.excluded.money,
                },
            ),
            rows,
        )

    def _number(self, table: sa.Table) -> int:
        counted = sa.select(sa.func.count()).select_from(table)
        return int(self._session.execute(counted).scalar_one())


def _since(since: datetime | None) -> tuple[sa.ColumnElement[bool], ...]:
    return () if since is None else (decisions.c.at >= since,)


def case_values(case: RehearsedCase) -> dict[str, Any]:
    told = case.turned
    return {
        "part": case.part,
        "turn": told.turn,
        "before": told.before,
        "after": told.after,
        "rules": list(told.rules),
        "customer_id": case.customer_id,
        "product_id": case.product_id,
        "amount": case.amount,
        "adviser_id": case.adviser_id,
        "branch_id": case.branch_id,
        "decision_id": case.decision_id,
        "sale_id": case.sale_id,
    }


def to_rehearsal(row: sa.Row[Any]) -> Rehearsal:
    told = dict(row._mapping)
    return Rehearsal(**{**told, "state": RehearsalState(row.state)})


def no_such_rehearsal() -> NotFound:
    return NotFound("no_such_rehearsal", "there is no such rehearsal", "没有这次预演")
