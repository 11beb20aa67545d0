"""The leads, sales and customers that a caller sees."""

from typing import Any

import sqlalchemy as sa

from chassis.custody import Columns, Predicate, visible
from chassis.scope import Reach, Scope
from services.workflow.adapters.tables import custody, customers, leads, sales

LEAD_COLUMNS = Columns(leads.c.adviser_id, leads.c.team_id, leads.c.branch_id, leads.c.customer_id)

KEPT = custody.custody.c
SERVING = (
    KEPT.owner_id.label("serving_staff_id"),
    KEPT.team_id.label("serving_team_id"),
    KEPT.branch_id.label("serving_branch_id"),
)
SALES = sa.select(sales, *SERVING).select_from(
    sales.outerjoin(custody.custody, KEPT.subject_id == sales.c.customer_id)
)
CUSTOMERS = sa.select(*SERVING).select_from(
    customers.outerjoin(custody.custody, KEPT.subject_id == customers.c.customer_id)
)


def leads_seen(scope: Scope) -> sa.Select[Any]:
    """Also those nobody is in charge of yet, by whoever registered them."""
    seen = visible(scope, LEAD_COLUMNS)
    if scope.staff_id and scope.reach is not Reach.INSTITUTION:
        seen = seen | _registered_by(scope.staff_id)
    return sa.select(leads).where(seen)


def sales_seen(scope: Scope) -> sa.Select[Any]:
    """Those of clients within the scope, with who looks after the client now."""
    return SALES.where(visible(scope, custody.columns))


def customers_seen(scope: Scope) -> sa.Select[Any]:
    """Who looks after each of them."""
    return CUSTOMERS.where(visible(scope, custody.columns))


def _registered_by(staff_id: str) -> Predicate:
    return (leads.c.adviser_id == "") & (leads.c.registered_by == staff_id)
