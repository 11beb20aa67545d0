"""Holdings, transactions and families in PostgreSQL."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.customer.adapters.tables import customers, family_links, lots, transactions
from services.customer.domain.household import FamilyLink
from services.customer.domain.portfolio import Lot, Portfolio, Transaction

TEXTS = sa.ARRAY(sa.Text)
KEY = ("customer_id", "product_id", "source")

SUMS = (
    sa.select(sa.func.coalesce(sa.func.sum(lots.c.market_value), 0))
    .where(lots.c.customer_id == customers.c.customer_id)
    .scalar_subquery()
)


class SqlPortfolios:
    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, customer_ids: Collection[str]) -> Mapping[str, Portfolio]:
        """Lock the customers in the order of their ids: two works never wait in a ring."""
        ids = sa.any_(sa.literal(list(customer_ids), TEXTS))
        owners = sa.select(customers.c.customer_id).where(customers.c.customer_id == ids)
        ordered = owners.order_by(customers.c.customer_id).with_for_update()
        self._session.execute(ordered).all()
        portfolios = {customer_id: Portfolio(customer_id) for customer_id in customer_ids}
        for row in self._session.execute(sa.select(lots).where(lots.c.customer_id == ids)):
            lot = Lot(row.source, row.product_id, row.units, row.market_value, row.valued_on)
            portfolios[row.customer_id].lots[lot.source, lot.product_id] = lot
        return portfolios

    def save(self, portfolios: Iterable[Portfolio]) -> None:
        rows = [
            {"customer_id": portfolio.customer_id, **asdict(lot)}
            for portfolio in portfolios
            for lot in portfolio.changed
        ]
        if not rows:
            return
        kept = insert(lots)
        new = {name: kept.excluded[name] for name in ("units", "market_value", "valued_on")}
        self._session.execute(kept.on_conflict_do_update(index_elements=KEY, set_=new), rows)
        owners = sa.any_(sa.literal(list({row["customer_id"] for row in rows}), TEXTS))
        self._session.execute(
            customers.update().where(customers.c.customer_id == owners).values(aum=SUMS)
        )


class SqlTransactions:
    def __init__(self, session: Session) -> None:
        self._session = session

    def record(self, told: Sequence[Transaction]) -> Sequence[Transaction]:
        if not told:
            return []
        kept = insert(transactions).on_conflict_do_nothing()
        recorded = self._session.execute(
            kept.returning(transactions.c.transaction_id), [asdict(each) for each in told]
        )
        new = set(recorded.scalars())
        return [each for each in told if each.transaction_id in new]


class SqlHouseholds:
    def __init__(self, session: Session) -> None:
        self._session = session

    def link(self, links: Iterable[FamilyLink]) -> None:
        rows = [asdict(link) for link in links]
        if rows:
            self._session.execute(insert(family_links).on_conflict_do_nothing(), rows)
