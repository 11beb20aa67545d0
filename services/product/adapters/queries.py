"""What the catalogue answers, read without a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.paging import Order, Page, order_named
from services.product.adapters.database import no_such_product
from services.product.adapters.tables import navs, products, ratings

ORDERS = {
    "product_id": Order((products.c.product_id,)),
    "-product_id": Order((products.c.product_id,), descending=True),
    "name": Order((products.c.name, products.c.product_id)),
    "minimum_amount": Order((products.c.minimum_amount, products.c.product_id)),
    "-minimum_amount": Order((products.c.minimum_amount, products.c.product_id), descending=True),
}
NAVS_NEWEST_FIRST = Order((navs.c.as_of,), descending=True)

ONE_PRODUCT = sa.select(products).where(products.c.product_id == sa.bindparam("product_id"))
ITS_RATINGS = (
    sa.select(ratings)
    .where(ratings.c.product_id == sa.bindparam("product_id"))
    .order_by(ratings.c.rating_id.desc())
)


@dataclass(frozen=True, kw_only=True)
class ProductFilter:
    kind: str = ""
    level: str = ""
    state: str = ""
    q: str = ""  # part of the name or of the code

    def narrow(self, statement: sa.Select[Any]) -> sa.Select[Any]:
        for column, value in (
            (products.c.kind, self.kind),
            (products.c.effective_level, self.level),
            (products.c.state, self.state),
        ):
            if value:
                statement = statement.where(column == value)
        if self.q:
            either = sa.or_(
                products.c.name.icontains(self.q, autoescape=True),
                products.c.product_id.icontains(self.q, autoescape=True),
            )
            statement = statement.where(either)
        return statement


class ProductQueries:
    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def one(self, product_id: str) -> sa.Row[Any]:
        with self._engine.connect() as connection:
            row = connection.execute(ONE_PRODUCT, {"product_id": product_id}).one_or_none()
        if row is None:
            raise no_such_product()
        return row

    def ratings(self, product_id: str) -> Sequence[sa.Row[Any]]:
        with self._engine.connect() as connection:
            return connection.execute(ITS_RATINGS, {"product_id": product_id}).all()

    def page(
        self, wanted: ProductFilter, sort: str, page: Page
    ) -> tuple[Sequence[sa.Row[Any]], str]:
        order = order_named(sort, ORDERS, "product_id")
        statement = order.page(wanted.narrow(sa.select(products)), page)
        with self._engine.connect() as connection:
            rows = connection.execute(statement).all()
        return order.cut(rows, page)

    def navs(self, product_id: str, page: Page) -> tuple[Sequence[sa.Row[Any]], str]:
        self.one(product_id)
        statement = NAVS_NEWEST_FIRST.page(
            sa.select(navs).where(navs.c.product_id == product_id), page
        )
        with self._engine.connect() as connection:
            return NAVS_NEWEST_FIRST.cut(connection.execute(statement).all(), page)
