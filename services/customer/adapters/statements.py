"""Statements of the 360° view, built once for each scope."""

from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from chassis.prepared import Prepared
from chassis.scope import Scope
from services.customer.adapters.scoping import seen
from services.customer.adapters.tables import (
    customers,
    family_links,
    lots,
    product_names,
    staff,
    transactions,
)
from services.customer.adapters.written import PARTS, array, written
from services.customer.domain.household import SEEN_FROM_THE_OTHER_SIDE

SCOPES = 512  # of as many callers the statements are kept

ASKED: sa.BindParameter[str] = sa.bindparam("customer_id", type_=sa.Text)

_SORTED_BY = (
    customers.c.customer_id,
    customers.c.customer_no,
    customers.c.aum,
    customers.c.created_at,
)


def _of_customers(*shown: sa.ColumnElement[Any]) -> sa.Select[Any]:
    with_adviser = staff.c.staff_id == customers.c.adviser_id
    return sa.select(*shown).join_from(customers, staff, with_adviser, isouter=True)


LISTED = _of_customers(written(*PARTS), *_SORTED_BY)

_units, _value = sa.func.sum(lots.c.units), sa.func.sum(lots.c.market_value)

HOLDINGS = (
    sa.select(
        lots.c.product_id,
        sa.func.coalesce(sa.func.max(product_names.c.name), "").label("product_name"),
        _units.label("units"),
        _value.label("market_value"),
        sa.func.max(lots.c.valued_on).label("valued_on"),
    )
    .join_from(lots, product_names, product_names.c.product_id == lots.c.product_id, isouter=True)
    .where(lots.c.customer_id == ASKED)
    .group_by(lots.c.product_id)
    .having(sa.or_(_units != 0, _value != 0))
    .order_by(_value.desc(), lots.c.product_id)
)

_turned = sa.case(
    SEEN_FROM_THE_OTHER_SIDE, value=family_links.c.relation, else_=family_links.c.relation
)
_relatives = sa.union_all(
    sa.select(family_links.c.member_id.label("relative_id"), family_links.c.relation).where(
        family_links.c.customer_id == ASKED
    ),
    sa.select(family_links.c.customer_id, _turned).where(family_links.c.member_id == ASKED),
).subquery("relatives")
_relative = customers.alias("relative")


def family(scope: Scope) -> sa.Select[Any]:
    """Of relatives outside the scope the relation is left, and nothing of themselves."""
    seen_relative = sa.and_(
        _relative.c.customer_id == _relatives.c.relative_id, seen(scope, _relative)
    )
    shown = (_relative.c.customer_id, _relative.c.customer_no, _relative.c.name_sealed)
    return (
        sa.select(
            *(sa.func.coalesce(column, "").label(column.name) for column in shown),
            _relatives.c.relation,
        )
        .join_from(_relatives, _relative, seen_relative, isouter=True)
        .order_by(_relative.c.customer_no, _relative.c.customer_id, _relatives.c.relation)
    )


@lru_cache(maxsize=SCOPES)
def listed(scope: Scope) -> sa.Select[Any]:
    return LISTED.where(seen(scope))


@lru_cache(maxsize=SCOPES)
def view(scope: Scope) -> Prepared:
    """Nothing when the customer asked for is out of scope."""
    parts = array(HOLDINGS, "holdings"), array(family(scope), "family")
    whole = _of_customers(written(*PARTS, *parts))
    return Prepared(whole.where(customers.c.customer_id == ASKED, seen(scope)), ASKED.key)


@lru_cache(maxsize=SCOPES)
def exists(scope: Scope) -> sa.Select[Any]:
    return sa.select(customers.c.customer_id).where(customers.c.customer_id == ASKED, seen(scope))


@lru_cache(maxsize=SCOPES)
def holdings(scope: Scope) -> sa.Select[Any]:
    return HOLDINGS.where(exists(scope).exists())


@lru_cache(maxsize=SCOPES)
def trades(scope: Scope) -> sa.Select[Any]:
    theirs = sa.select(transactions).where(transactions.c.customer_id == ASKED)
    return theirs.where(exists(scope).exists())
