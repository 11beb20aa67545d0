"""Which customers a scope shows, as SQL; domain/customer.py says the same of one customer."""

import sqlalchemy as sa

from chassis.custody import Columns, Predicate, visible
from chassis.scope import Reach, Scope
from services.customer.adapters.tables import customers


def seen(scope: Scope, table: sa.FromClause = customers) -> Predicate:
    """*table* is customers or an alias of it."""
    shown = table.c
    inside = visible(
        scope, Columns(shown.adviser_id, shown.team_id, shown.branch_id, shown.customer_id)
    )
    if scope.reach is not Reach.OWN or not scope.staff_id:
        return inside
    own_lead = sa.and_(shown.adviser_id == "", shown.registered_by == scope.staff_id)
    return sa.or_(inside, own_lead)
