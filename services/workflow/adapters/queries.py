"""What workflow answers, read without a transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from chassis.custody import Scopes
from chassis.paging import Order, Page, order_named
from chassis.sealing.sealer import Sealer
from services.workflow.adapters.database import no_such_lead, no_such_sale
from services.workflow.adapters.lead_rows import to_lead
from services.workflow.adapters.sale_rows import to_sale
from services.workflow.adapters.seen import leads_seen, sales_seen
from services.workflow.adapters.tables import leads, sales
from services.workflow.domain.lead import Lead
from services.workflow.domain.sale import Sale

NEWEST_FIRST = "-created_at"

LEAD_ORDERS = {
    "created_at": Order((leads.c.created_at, leads.c.lead_id)),
    "-created_at": Order((leads.c.created_at, leads.c.lead_id), descending=True),
}
SALE_ORDERS = {
    "created_at": Order((sales.c.created_at, sales.c.sale_id)),
    "-created_at": Order((sales.c.created_at, sales.c.sale_id), descending=True),
    "amount": Order((sales.c.amount, sales.c.sale_id)),
    "-amount": Order((sales.c.amount, sales.c.sale_id), descending=True),
}


@dataclass(frozen=True, kw_only=True)
class LeadFilter:
    state: str = ""
    adviser_id: str = ""
    team_id: str = ""


@dataclass(frozen=True, kw_only=True)
class SaleFilter:
    state: str = ""
    adviser_id: str = ""
    team_id: str = ""
    customer_id: str = ""
    product_id: str = ""


class WorkflowQueries:
    """Answers what the caller sees; there is nothing else."""

    def __init__(self, engine: sa.Engine, sealer: Sealer, scopes: Scopes) -> None:
        self._engine = engine
        self._sealer = sealer
        self.scope = scopes

    def lead(self, lead_id: str) -> Lead:
        row = self._one(leads_seen(self.scope()).where(leads.c.lead_id == lead_id))
        if row is None:
            raise no_such_lead()
        return to_lead(row, self._sealer)

    def sale(self, sale_id: str) -> Sale:
        row = self._one(sales_seen(self.scope()).where(sales.c.sale_id == sale_id))
        if row is None:
            raise no_such_sale()
        return to_sale(row, self._sealer)

    def leads(self, wanted: LeadFilter, sort: str, page: Page) -> tuple[list[Lead], str]:
        statement = narrowed(leads_seen(self.scope()), leads, asdict(wanted))
        rows, following = self._page(statement, order_named(sort, LEAD_ORDERS, NEWEST_FIRST), page)
        return [to_lead(row, self._sealer) for row in rows], following

    def sales(self, wanted: SaleFilter, sort: str, page: Page) -> tuple[list[Sale], str]:
        statement = narrowed(sales_seen(self.scope()), sales, asdict(wanted))
        rows, following = self._page(statement, order_named(sort, SALE_ORDERS, NEWEST_FIRST), page)
        return [to_sale(row, self._sealer) for row in rows], following

    def _one(self, statement: sa.Select[Any]) -> sa.Row[Any] | None:
        with self._engine.connect() as connection:
            return connection.execute(statement).one_or_none()

    def _page(
        self, statement: sa.Select[Any], order: Order, page: Page
    ) -> tuple[Sequence[sa.Row[Any]], str]:
        with self._engine.connect() as connection:
            rows = connection.execute(order.page(statement, page)).all()
        return order.cut(rows, page)


def narrowed(
    statement: sa.Select[Any], table: sa.Table, wanted: Mapping[str, str]
) -> sa.Select[Any]:
    """An empty value does not narrow."""
    for name, value in wanted.items():
        if value:
            statement = statement.where(table.c[name] == value)
    return statement
