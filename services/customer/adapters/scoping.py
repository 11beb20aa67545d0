"""What a scope shows, as SQL; domain/customer.py says the same of one customer."""

from dataclasses import replace

import sqlalchemy as sa

from chassis.custody import Columns, Predicate, visible
from chassis.scope import Reach, Scope
from chassis.subjects import SeesAll, by_rows
from services.customer.adapters.tables import access_grants, customers, handovers, staff


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


def sees_all(engine: sa.Engine) -> SeesAll:
    return by_rows(engine, customers.c.customer_id, seen)


def grant_seen(scope: Scope) -> Predicate:
    """By whom it concerns: who received or gave it, and who sees its clients without a grant."""
    given = access_grants.c
    if scope.reach is Reach.INSTITUTION:
        return sa.true()
    return sa.or_(
        given.staff_id == scope.staff_id,
        given.granted_by == scope.staff_id,
        given.customer_id.in_(
            sa.select(customers.c.customer_id).where(seen(_without_shares(scope)))
        ),
        given.adviser_id.in_(_advisers(scope)),
    )


def handover_seen(scope: Scope) -> Predicate:
    """By whom it concerns: who started it, both advisers, and who is above one of them."""
    made = handovers.c
    if scope.reach is Reach.INSTITUTION:
        return sa.true()
    return sa.or_(
        made.started_by == scope.staff_id,
        made.from_adviser_id.in_(_advisers(scope)),
        made.to_adviser_id.in_(_advisers(scope)),
    )


def _advisers(scope: Scope) -> sa.Select[tuple[str]]:
    own = Columns(staff.c.staff_id, staff.c.team_id, staff.c.branch_id, staff.c.staff_id)
    return sa.select(staff.c.staff_id).where(visible(_without_shares(scope), own))


def _without_shares(scope: Scope) -> Scope:
    return replace(scope, shared_owners=frozenset(), shared_subjects=frozenset())
