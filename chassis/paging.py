"""Cursor paging over a stable order (keyset, never offset)."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from chassis.errors import Invalid

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200


@dataclass(frozen=True)
class Page:
    """How many rows, after which one."""

    limit: int = DEFAULT_LIMIT
    cursor: str = ""

    @classmethod
    def asked(cls, limit: int, cursor: str) -> "Page":
        """0 means the default; outside 1–200 is refused."""
        if not 0 <= limit <= LARGEST_LIMIT:
            raise Invalid(
                "limit_out_of_range",
                f"limit must be between 1 and {LARGEST_LIMIT}",
                f"limit 必须在 1 到 {LARGEST_LIMIT} 之间",
                field="limit",
            )
        return cls(limit or DEFAULT_LIMIT, cursor)


@dataclass(frozen=True)
class Order:
    """Columns that are never null and together unique, all in one direction."""

    columns: tuple[sa.ColumnElement[Any], ...]
    descending: bool = False

    def page(self, statement: sa.Select[Any], page: Page) -> sa.Select[Any]:
        """The rows after the cursor, and one more than asked to see whether there are others."""
        if page.cursor:
            here = sa.tuple_(*self.columns)
            after = sa.tuple_(*self._values(page.cursor))
            statement = statement.where(here < after if self.descending else here > after)
        ordered = [c.desc() if self.descending else c.asc() for c in self.columns]
        return statement.order_by(*ordered).limit(page.limit + 1)

    def cut(self, rows: Sequence[Any], page: Page) -> tuple[Sequence[Any], str]:
        """Rows of this page and the cursor of the next, empty at the end."""
        if len(rows) <= page.limit:
            return rows, ""
        shown = rows[: page.limit]
        here = [getattr(shown[-1], column.name) for column in self.columns]
        return shown, encode([self._mark, *here])

    @cached_property
    def _mark(self) -> str:
        """Tells the cursors of this order from those of others."""
        said = f"{self.descending} {', '.join(map(str, self.columns))}"
        return sha256(said.encode()).hexdigest()[:8]

    def _values(self, cursor: str) -> list[sa.BindParameter[Any]]:
        mark, *texts = decode(cursor) or [""]
        if mark != self._mark or len(texts) != len(self.columns):
            raise bad_cursor()
        try:
            return [
                sa.bindparam(None, _parse(column.type.python_type, text), type_=column.type)
                for column, text in zip(self.columns, texts, strict=True)
            ]
        except (ValueError, InvalidOperation):
            raise bad_cursor() from None


def order_named(sort: str, orders: Mapping[str, Order], default: str) -> Order:
    """One of the orders a list declares; the default when none is asked for."""
    order = orders.get(sort or default)
    if order is None:
        known = ", ".join(orders)
        raise Invalid(
            "unknown_sort",
            f"sort must be one of: {known}",
            f"sort 只能是：{known}",
            field="sort",
        )
    return order


def encode(values: Sequence[object]) -> str:
    texts = [v.isoformat() if isinstance(v, date) else str(v) for v in values]
    return base64.urlsafe_b64encode(json.dumps(texts).encode()).decode().rstrip("=")


def decode(cursor: str) -> list[str]:
    try:
        texts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, UnicodeDecodeError):
        raise bad_cursor() from None
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise bad_cursor()
    return texts


def bad_cursor() -> Invalid:
    return Invalid(
        "bad_cursor",
        "cursor was not given out by this list; start again without it",
        "cursor 不是本列表给出的，请去掉后重新开始",
        field="cursor",
    )


def _parse(kind: type[Any], text: str) -> object:
    if issubclass(kind, datetime | date):
        return kind.fromisoformat(text)
    if issubclass(kind, Decimal | int):
        return kind(text)
    return text
