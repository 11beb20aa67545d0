"""Statements of the 360° view, built once for each scope."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from chassis.scope import Scope
from services.customer.adapters.scoping import seen
from services.customer.adapters.tables import (
    customer_numbers,
    customers,
    family_links,
    lots,
    product_names,
    staff,
    transactions,
)
from services.customer.domain.household import SEEN_FROM_THE_OTHER_SIDE

SCOPES = 512  # of as many callers the statements are kept

ASKED: sa.BindParameter[str] = sa.bindparam("customer_id", type_=sa.Text)


_numbers = (
    sa.select(
        sa.func.array_agg(
            aggregate_order_by(customer_numbers.c.customer_no, customer_numbers.c.place)
        )
    )
    .where(customer_numbers.c.customer_id == customers.c.customer_id)
    .correlate(customers)
    .scalar_subquery()
    .label("numbers")
)

COLUMNS = (
    "customer_id",
    "state",
    "kind",
    "name_sealed",
    "sex",
    "identity_sealed",
    "phone_sealed",
    "address_sealed",
    "born_on",
    "tags",
    "adviser_id",
    "team_id",
    "branch_id",
    "kyc_id",
    "kyc_state",
    "kyc_submitted_by",
    "kyc_submitted_at",
    "kyc_reviewed_by",
    "kyc_reviewed_at",
    "kyc_reason",
    "kyc_reason_sealed",
    "kyc_expires_on",
    "facts",
    "risk_level",
    "risk_level_valid_until",
    "version",
    "created_at",
    "updated_at",
)

_WHOLE: tuple[sa.ColumnElement[Any], ...] = (
    *(customers.c[name] for name in COLUMNS),
    sa.cast(customers.c.aum, sa.Text).label("aum"),
    _numbers,
    sa.func.coalesce(staff.c.name, "").label("adviser_name"),
    sa.func.coalesce(staff.c.team_name, "").label("team_name"),
)
_SORTED_BY = (
    customers.c.customer_id,
    customers.c.customer_no,
    customers.c.aum,
    customers.c.created_at,
)


def _pairs(columns: Iterable[sa.ColumnElement[Any]]) -> list[sa.ColumnElement[Any]]:
    """Names and values, as PostgreSQL's makers of JSON take them."""
    return [part for c in columns for part in (sa.literal_column(f"'{c.key}'"), c)]


def _written(*columns: sa.ColumnElement[Any]) -> sa.Label[str]:
    """A whole row as one text: to read thirty columns one by one costs more than to ask."""
    return sa.cast(sa.func.json_build_object(*_pairs(columns)), sa.Text).label("written")


def _of_customers(*shown: sa.ColumnElement[Any]) -> sa.Select[Any]:
    with_adviser = staff.c.staff_id == customers.c.adviser_id
    return sa.select(*shown).join_from(customers, staff, with_adviser, isouter=True)


LISTED = _of_customers(_written(*_WHOLE), *_SORTED_BY)

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


def _as_json(statement: sa.Select[Any], name: str) -> sa.Label[Any]:
    """The rows of *statement* as one array of objects, amounts as text."""
    rows = statement.subquery(name)
    texts = [sa.cast(column, sa.Text).label(column.name) for column in rows.c]
    gathered = sa.func.jsonb_agg(sa.func.jsonb_build_object(*_pairs(texts)))
    none = sa.literal_column("'[]'::jsonb", JSONB)
    return sa.select(sa.func.coalesce(gathered, none, type_=JSONB)).scalar_subquery().label(name)


@lru_cache(maxsize=SCOPES)
def listed(scope: Scope) -> sa.Select[Any]:
    return LISTED.where(seen(scope))


@lru_cache(maxsize=SCOPES)
def view(scope: Scope) -> sa.Select[Any]:
    """Nothing when the customer asked for is out of scope."""
    parts = _as_json(HOLDINGS, "holdings"), _as_json(family(scope), "family")
    whole = _of_customers(_written(*_WHOLE, *parts))
    return whole.where(customers.c.customer_id == ASKED, seen(scope))


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
