"""What the dashboards show, read without a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from chassis.paging import Order, Page
from chassis.scope import Scope
from services.analytics.adapters.aum import AUM_BY_MONTH, AUM_NOW
from services.analytics.adapters.rankings import RANKED_BY, ranking
from services.analytics.adapters.reach import parameters, reached
from services.analytics.adapters.tables import figures, freshness, products
from services.analytics.adapters.terms import in_period, of_team, sum_of
from services.analytics.domain.journey import Stage
from services.analytics.domain.month import Month

FRESHNESS = sa.select(freshness)

FUNNEL = (
    sa.select(figures.c.measure, sa.func.sum(figures.c.value).label("value"))
    .where(
        figures.c.measure.in_([name for stage in Stage for name in (stage.value, stage.amount)]),
        in_period(figures),
        of_team(figures.c.team_id),
        reached(figures.c.adviser_id, figures.c.team_id),
    )
    .group_by(figures.c.measure)
)

SOLD, GIVEN_BACK = Stage.SALE_CONFIRMED, Stage.SALE_RESCINDED
PRODUCT_SALES = (
    sa.select(
        figures.c.product_id,
        sa.func.coalesce(products.c.name, "").label("product_name"),
        sa.func.coalesce(products.c.kind, "").label("kind"),
        sum_of(figures, SOLD.value).label("confirmed"),
        sum_of(figures, SOLD.amount).label("amount"),
        sum_of(figures, GIVEN_BACK.value).label("rescinded"),
        sum_of(figures, GIVEN_BACK.amount).label("rescinded_amount"),
    )
    .join_from(figures, products, figures.c.product_id == products.c.product_id, isouter=True)
    .where(
        figures.c.measure.in_([SOLD.value, SOLD.amount, GIVEN_BACK.value, GIVEN_BACK.amount]),
        in_period(figures),
        of_team(figures.c.team_id),
        reached(figures.c.adviser_id, figures.c.team_id),
    )
    .group_by(figures.c.product_id, products.c.name, products.c.kind)
    .subquery()
)
PRODUCTS_BY_AMOUNT = Order((PRODUCT_SALES.c.amount, PRODUCT_SALES.c.product_id), descending=True)

RANKINGS = {measure: ranking(measure) for measure in RANKED_BY}


@dataclass(frozen=True)
class Question:
    """The months and the team (empty: all) that were asked for, and how far the caller sees."""

    first: Month
    last: Month
    team_id: str
    scope: Scope

    @property
    def parameters(self) -> dict[str, Any]:
        period = {"first": self.first, "last": self.last, "team_id": self.team_id}
        return period | parameters(self.scope)


class AnalyticsQueries:
    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def freshness(self) -> sa.Row[Any]:
        return self._rows(FRESHNESS, {})[0]

    def aum(self, asked: Question) -> Sequence[sa.Row[Any]]:
        months = [str(month) for month in asked.first.until(asked.last)]
        return self._rows(AUM_BY_MONTH, asked.parameters | {"months": months})

    def aum_now(self, asked: Question) -> Decimal:
        return Decimal(self._rows(AUM_NOW, asked.parameters)[0].aum)

    def funnel(self, asked: Question) -> dict[str, Decimal]:
        """By measure; one that never moved is missing."""
        return {row.measure: row.value for row in self._rows(FUNNEL, asked.parameters)}

    def product_sales(self, asked: Question, page: Page) -> tuple[Sequence[sa.Row[Any]], str]:
        statement = PRODUCTS_BY_AMOUNT.page(sa.select(PRODUCT_SALES), page)
        return PRODUCTS_BY_AMOUNT.cut(self._rows(statement, asked.parameters), page)

    def advisers(self, asked: Question, by: str, page: Page) -> tuple[Sequence[sa.Row[Any]], str]:
        ranked = RANKINGS[by]
        order = Order((ranked.c.ranked_by, ranked.c.adviser_id), descending=True)
        rows = self._rows(order.page(sa.select(ranked), page), asked.parameters)
        return order.cut(rows, page)

    def _rows(
        self, statement: sa.Select[*tuple[Any, ...]], values: dict[str, Any]
    ) -> Sequence[sa.Row[Any]]:
        with self._engine.connect() as connection:
            return connection.execute(statement, values).all()
