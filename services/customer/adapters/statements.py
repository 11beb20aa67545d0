"""Statements of the 360° view, built once."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from services.customer.adapters.tables import (
    customer_numbers,
    customers,
    family_links,
    lots,
    product_names,
    staff,
)
from services.customer.domain.household import SEEN_FROM_THE_OTHER_SIDE

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

LISTED = sa.select(
    customers,
    _numbers,
    sa.func.coalesce(staff.c.name, "").label("adviser_name"),
    sa.func.coalesce(staff.c.team_name, "").label("team_name"),
).join_from(customers, staff, staff.c.staff_id == customers.c.adviser_id, isouter=True)

EXISTS = sa.select(customers.c.customer_id).where(customers.c.customer_id == ASKED)
FACTS = sa.select(customers.c.facts).where(customers.c.customer_id == ASKED)

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

FAMILY = (
    sa.select(
        _relative.c.customer_id,
        _relative.c.customer_no,
        _relative.c.name_sealed,
        _relatives.c.relation,
    )
    .join_from(_relatives, _relative, _relative.c.customer_id == _relatives.c.relative_id)
    .order_by(_relative.c.customer_no, _relative.c.customer_id)
)


def _as_json(statement: sa.Select[Any], name: str) -> sa.Label[Any]:
    """The rows of *statement* as one array of objects, amounts as text."""
    rows = statement.subquery(name)
    pairs: list[sa.ColumnElement[Any]] = []
    for column in rows.c:
        pairs += [sa.literal_column(f"'{column.name}'"), sa.cast(column, sa.Text)]
    gathered = sa.func.jsonb_agg(sa.func.jsonb_build_object(*pairs))
    none = sa.literal_column("'[]'::jsonb", JSONB)
    return sa.select(sa.func.coalesce(gathered, none, type_=JSONB)).scalar_subquery().label(name)


VIEW = LISTED.add_columns(_as_json(HOLDINGS, "holdings"), _as_json(FAMILY, "family")).where(
    customers.c.customer_id == ASKED
)
