"""Customers' books and transactions in PostgreSQL."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.analytics.adapters.tables import MonthText, closings, holdings, transactions
from services.analytics.adapters.upserts import arrays, upsert
from services.analytics.domain.book import Assignment, Book, Closing, Holding, Valuation
from services.analytics.domain.month import Month
from services.analytics.domain.transaction import Transaction, TransactionKind

CUSTOMER = sa.bindparam("customer_id", type_=sa.Text())
MONTH = sa.bindparam("month", type_=MonthText())
WANTED = sa.bindparam("wanted", type_=ARRAY(sa.Text))
NONE = sa.literal("", sa.Text)


def last_before(month: sa.Column[Month], *same: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    """The newest month before the one in question, or the beginning of time."""
    newest = sa.select(sa.func.max(month)).where(month < MONTH, *same).scalar_subquery()
    return sa.func.coalesce(newest, NONE)


def closings_since() -> sa.Select[*tuple[Any, ...]]:
    mine, earlier = closings, closings.alias()
    since = last_before(earlier.c.month, earlier.c.customer_id == CUSTOMER)
    return sa.select(
        NONE.label("product_id"),
        mine.c.month,
        mine.c.aum.label("value"),
        mine.c.sequence,
        mine.c.adviser_id,
        mine.c.team_id,
    ).where(mine.c.customer_id == CUSTOMER, mine.c.month >= since)


def holdings_since() -> sa.Select[*tuple[Any, ...]]:
    mine, earlier = holdings, holdings.alias()
    since = last_before(
        earlier.c.month,
        earlier.c.customer_id == CUSTOMER,
        earlier.c.product_id == mine.c.product_id,
    )
    return sa.select(
        mine.c.product_id, mine.c.month, mine.c.value, mine.c.sequence, NONE, NONE
    ).where(
        mine.c.customer_id == CUSTOMER,
        mine.c.product_id == sa.any_(WANTED),
        mine.c.month >= since,
    )


# One statement each: an event costs as many round trips as it has statements.
OPEN = sa.union_all(closings_since(), holdings_since())
SAVE = upsert(closings).add_cte(upsert(holdings).cte("kept_holdings"))

KNOWN = sa.select(transactions).where(transactions.c.transaction_id == sa.any_(WANTED))
KEEP = upsert(transactions)


class SqlBooks:
    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, customer_id: str, month: Month, product_ids: Collection[str]) -> Book:
        asked = {"customer_id": customer_id, "month": month, "wanted": list(product_ids)}
        rows = self._session.execute(OPEN, asked).all()
        book = Book(customer_id, month)
        for row in (row for row in rows if not row.product_id):
            if row.month < month:
                book.opening = to_closing(row)
            else:
                book.closings[row.month] = to_closing(row)
        book.holdings = to_holdings((row for row in rows if row.product_id), month)
        return book

    def save(self, book: Book) -> None:
        told = arrays(closings, closing_rows(book)) | arrays(holdings, holding_rows(book))
        self._session.execute(SAVE, told)


def to_closing(row: sa.Row[Any]) -> Closing:
    return Closing(Assignment(row.adviser_id, row.team_id, row.sequence), row.value)


def to_holdings(rows: Iterable[sa.Row[Any]], month: Month) -> dict[str, Holding]:
    found: dict[str, Holding] = defaultdict(Holding)
    for row in rows:
        if row.month < month:
            found[row.product_id].opening = row.value
        else:
            found[row.product_id].told[row.month] = Valuation(row.value, row.sequence)
    return dict(found)


def closing_rows(book: Book) -> Iterator[dict[str, Any]]:
    for month, closing in book.closings.items():
        key = {"customer_id": book.customer_id, "month": month}
        yield key | vars(closing.assignment) | {"aum": closing.aum}


def holding_rows(book: Book) -> Iterator[dict[str, Any]]:
    for product_id, holding in book.holdings.items():
        key = {"customer_id": book.customer_id, "month": book.month, "product_id": product_id}
        yield key | vars(holding.told[book.month])


class SqlTransactions:
    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, transaction_ids: Collection[str]) -> dict[str, Transaction]:
        rows = self._session.execute(KNOWN, {"wanted": list(transaction_ids)}).mappings()
        return {
            row["transaction_id"]: Transaction(**{**row, "kind": TransactionKind(row["kind"])})
            for row in rows
        }

    def keep(self, told: Sequence[Transaction]) -> None:
        if told:
            self._session.execute(KEEP, arrays(transactions, map(vars, told)))
