"""A customer as PostgreSQL writes them for an answer: one JSON text a row.

To read thirty columns one by one, and to make a message of them, costs more than to ask.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from services.customer.adapters.tables import customer_numbers, customers, staff

# `shown` and `kyc` as the contract has them, days and amounts as text, moments in microseconds.
Written = Mapping[str, Any]

SEALED = ("name", "identity", "phone", "address", "kyc_reason")

_at = customers.c


def pairs(columns: Iterable[sa.ColumnElement[Any]]) -> list[sa.ColumnElement[Any]]:
    """Names and values, as PostgreSQL's makers of JSON take them."""
    return [part for c in columns for part in (sa.literal_column(f"'{c.key}'"), c)]


def _object(name: str, *columns: sa.ColumnElement[Any]) -> sa.Label[Any]:
    return sa.func.json_build_object(*pairs(columns)).label(name)


def _micros(column: sa.ColumnElement[Any]) -> sa.Label[int]:
    """Since 1970, exactly: up to the year 2255 a double tells each of them from the next."""
    since = sa.func.date_part("epoch", column) * sa.literal_column("1000000")
    return sa.cast(since, sa.BigInteger).label(column.key)


def _kyc(name: str) -> sa.ColumnElement[Any]:
    return _at[f"kyc_{name}"].label(name)


_numbers = (
    sa.select(
        sa.func.array_agg(
            aggregate_order_by(customer_numbers.c.customer_no, customer_numbers.c.place)
        )
    )
    .where(customer_numbers.c.customer_id == _at.customer_id)
    .correlate(customers)
    .scalar_subquery()
    .label("numbers")
)

PARTS: tuple[sa.ColumnElement[Any], ...] = (
    _object(
        "shown",
        _at.customer_id,
        _at.state,
        _at.kind,
        _at.sex,
        _at.born_on,
        _at.tags,
        _at.adviser_id,
        sa.func.coalesce(staff.c.name, "").label("adviser_name"),
        _at.team_id,
        sa.func.coalesce(staff.c.team_name, "").label("team_name"),
        _at.branch_id,
        _at.facts,
        _at.risk_level,
        _at.risk_level_valid_until,
        sa.cast(_at.aum, sa.Text).label("aum"),
        _at.version,
    ),
    _object("kyc", *map(_kyc, ("state", "submitted_by", "reviewed_by", "reason", "expires_on"))),
    _object("sealed", *(_at[f"{field}_sealed"].label(field) for field in SEALED)),
    *map(_micros, (_at.kyc_submitted_at, _at.kyc_reviewed_at, _at.created_at, _at.updated_at)),
    _numbers,
)


def written(*parts: sa.ColumnElement[Any]) -> sa.Label[str]:
    return sa.cast(sa.func.json_build_object(*pairs(parts)), sa.Text).label("written")


def array(statement: sa.Select[Any], name: str) -> sa.Label[Any]:
    """The rows of *statement* as one array of objects, amounts as text."""
    rows = statement.subquery(name)
    texts = [sa.cast(column, sa.Text).label(column.name) for column in rows.c]
    gathered = sa.func.jsonb_agg(sa.func.jsonb_build_object(*pairs(texts)))
    none = sa.literal_column("'[]'::jsonb", JSONB)
    return sa.select(sa.func.coalesce(gathered, none, type_=JSONB)).scalar_subquery().label(name)


def read(row: Any) -> Written:
    told: Written = orjson.loads(row.written)
    return told
