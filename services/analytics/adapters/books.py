"""Customers' books and transactions in PostgreSQL."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.analytics.adapters.tables import MonthText, closings, holdings, transactions
from services.analytics.adapters.upserts import upsert
from services.analytics.domain.book import Assignment, Book, Closing, Holding, Valuation
from services.analytics.domain.month import Month
from services.analytics.domain.transaction import Transaction, TransactionKind

CUSTOMER = sa.bindparam("customer_id", type_=sa.Text())
MONTH = sa.bindparam("month", type_=MonthText())
WANTED = sa.bindparam("wanted", type_=ARRAY(sa.Text))


def last_before(month: sa.Column[Month], *same: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    """The newest month before the one in question, or the beginning of time."""
    newest = sa.select(sa.func.max(month)).where(month < MONTH, *same).scalar_subquery()
    return sa.func.coalesce(newest, sa.literal("", sa.Text))


earlier_closing = closings.alias()
CLOSINGS = sa.select(closings).where(
    closings.c.customer_id == CUSTOMER,
    closings.c.month
    >= last_before(earlier_closing.c.month, earlier_closing.c.customer_id == CUSTOMER),
)
earlier_holding = holdings.alias()
HOLDINGS = sa.select(holdings).where(
    holdings.c.customer_id == CUSTOMER,
    holdings.c.product_id == sa.any_(WANTED),
    holdings.c.month
    >= last_before(
        earlier_holding.c.month,
        earlier_holding.c.customer_id == CUSTOMER,
        earlier_holding.c.product_id == holdings.c.product_id,
    ),
)
KNOWN = sa.select(transactions).where(transactions.c.transaction_id == sa.any_(WANTED))
KEEP_CLOSING = upsert(closings)
KEEP_HOLDING = upsert(holdings)
KEEP_TRANSACTION = upsert(transactions)


class SqlBooks:
    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, customer_id: str, month: Month, product_ids: Collection[str]) -> Book:
        book = Book(customer_id, month)
        asked = {"customer_id": customer_id, "month": month}
        for row in self._session.execute(CLOSINGS, asked):
            if row.month < month:
                book.opening = to_closing(row)
            else:
                book.closings[row.month] = to_closing(row)
        if product_ids:
            rows = self._session.execute(HOLDINGS, asked | {"wanted": list(product_ids)}).all()
            book.holdings = to_holdings(rows, month)
        return book

    def save(self, book: Book) -> None:
        self._session.execute(
            KEEP_CLOSING,
            [closing_values(book, month, closing) for month, closing in book.closings.items()],
        )
        told = [
            holding_values(book, product_id, holding.told[book.month])
            for product_id, holding in book.holdings.items()
        ]
        if told:
            self._session.execute(KEEP_HOLDING, told)


def to_closing(row: sa.Row[Any]) -> Closing:
    return Closing(Assignment(row.adviser_id, row.team_id, row.sequence), row.aum)


def to_holdings(rows: Sequence[sa.Row[Any]], month: Month) -> dict[str, Holding]:
    holdings: dict[str, Holding] = defaultdict(Holding)
    for row in rows:
        if row.month < month:
            holdings[row.product_id].opening = row.value
        else:
            holdings[row.product_id].told[row.month] = Valuation(row.value, row.sequence)
    return dict(holdings)


def closing_values(book: Book, month: Month, closing: Closing) -> dict[str, Any]:
    return {
        "customer_id": book.customer_id,
        "month": month,
        "aum": closing.aum,
        **vars(closing.assignment),
    }


def holding_values(book: Book, product_id: str, valuation: Valuation) -> dict[str, Any]:
    return {
        "customer_id": book.customer_id,
        "product_id": product_id,
        "month": book.month,
        **vars(valuation),
    }


class SqlTransactions:
    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, transaction_ids: Collection[str]) -> dict[str, Transaction]:
        rows = self._session.execute(KNOWN, {"wanted": list(transaction_ids)}).mappings()
        return {
            row["transaction_id"]: Transaction(**{**row, "kind": TransactionKind(row["kind"])})
            for row in rows
        }

    def keep(self, transactions: Sequence[Transaction]) -> None:
        if transactions:
            self._session.execute(KEEP_TRANSACTION, [vars(each) for each in transactions])
