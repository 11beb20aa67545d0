"""What clients hold, and the opinions on it, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.suitability.adapters.tables import holdings, rematches
from services.suitability.domain.holding import Fit, Holding, Opinion
from services.suitability.domain.rematch import Rematch

HELD = holdings.c.units > 0
KEY = (holdings.c.customer_id, holdings.c.product_id)
ADDED = insert(holdings)
SAVE = ADDED.on_conflict_do_update(
    index_elements=KEY,
    set_={column.name: ADDED.excluded[column.name] for column in holdings.c},
)


class SqlHoldings:
    def __init__(self, session: Session) -> None:
        self._session = session

    def claim(self, customer_id: str, product_ids: Sequence[str]) -> Mapping[str, Holding]:
        named = holdings.c.product_id.in_(product_ids)
        wanted = holdings.select().where(holdings.c.customer_id == customer_id, named)
        rows = self._session.execute(wanted.order_by(holdings.c.product_id).with_for_update())
        return {row.product_id: to_holding(row) for row in rows}

    def of_customer(self, customer_id: str) -> Sequence[Holding]:
        mine = holdings.select().where(holdings.c.customer_id == customer_id, HELD)
        rows = self._session.execute(mine.order_by(holdings.c.product_id).with_for_update())
        return [to_holding(row) for row in rows]

    def holders(self, product_id: str, after: str, limit: int) -> Sequence[str]:
        following = (holdings.c.product_id == product_id) & (holdings.c.customer_id > after)
        return self._customers(sa.select(holdings.c.customer_id).where(following, HELD), limit)

    def with_expired_level(self, on: date, limit: int) -> Sequence[str]:
        over = holdings.c.level_until < on
        return self._customers(
            sa.select(holdings.c.customer_id).where(over, HELD).distinct(), limit
        )

    def save(self, changed: Sequence[Holding]) -> None:
        if changed:
            self._session.execute(SAVE, [holding_values(holding) for holding in changed])

    def _customers(self, statement: sa.Select[Any], limit: int) -> Sequence[str]:
        ordered = statement.order_by(holdings.c.customer_id).limit(limit)
        return self._session.execute(ordered).scalars().all()


class SqlRematches:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, rematch: Rematch) -> None:
        self._session.execute(rematches.insert().values(vars(rematch)))

    def claim_next(self) -> Rematch | None:
        waiting = rematches.select().where(rematches.c.finished_at.is_(None))
        first = waiting.order_by(rematches.c.noticed_at, rematches.c.rematch_id).limit(1)
        row = self._session.execute(first.with_for_update()).mappings().one_or_none()
        return Rematch(**row) if row else None

    def save(self, rematch: Rematch) -> None:
        self._session.execute(
            rematches.update()
            .where(rematches.c.rematch_id == rematch.rematch_id)
            .values(vars(rematch))
        )


def to_holding(row: sa.Row[Any]) -> Holding:
    return Holding(
        customer_id=row.customer_id,
        product_id=row.product_id,
        units=row.units,
        sequence=row.sequence,
        opinion=_opinion(row) if row.fit else None,
        matched_at=row.matched_at,
    )


def _opinion(row: sa.Row[Any]) -> Opinion:
    return Opinion(
        fit=Fit(row.fit),
        client_level=row.client_level,
        product_level=row.product_level,
        rule_ids=tuple(row.rule_ids),
        rule_pack=row.rule_pack,
        level_until=row.level_until,
    )


def holding_values(holding: Holding) -> dict[str, Any]:
    opinion = holding.opinion
    return {
        "customer_id": holding.customer_id,
        "product_id": holding.product_id,
        "units": holding.units,
        "sequence": holding.sequence,
        "matched_at": holding.matched_at,
        "fit": opinion.fit if opinion else None,
        "client_level": opinion.client_level if opinion else "",
        "product_level": opinion.product_level if opinion else "",
        "rule_ids": list(opinion.rule_ids) if opinion else [],
        "rule_pack": opinion.rule_pack if opinion else "",
        "level_until": opinion.level_until if opinion else None,
    }
