"""The holdings and transactions sheets: what the customers of a book own and did."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from services.customer.domain.book.dates import read_date
from services.customer.domain.book.problems import (
    AMOUNT_ZERO,
    CUSTOMER_REJECTED,
    CUSTOMER_UNKNOWN,
    DATE_IN_FUTURE,
    HOLDING_REPEATED,
    PRODUCT_UNKNOWN,
    TRANSACTION_KIND_UNKNOWN,
    Note,
)
from services.customer.domain.book.reader import RowReader
from services.customer.domain.book.table import Row, Table
from services.customer.domain.book.values import one_of, read_customer_number, read_product_code
from services.customer.domain.portfolio import TransactionKind

KINDS = {
    **dict.fromkeys(("申购", "认购", "买入", "购买", "定投"), TransactionKind.SUBSCRIBE),
    **dict.fromkeys(("赎回", "卖出", "强赎"), TransactionKind.REDEEM),
    **dict.fromkeys(("分红", "派息", "红利", "现金分红"), TransactionKind.DIVIDEND),
}
read_kind = one_of(KINDS, TRANSACTION_KIND_UNKNOWN)


@dataclass(frozen=True)
class Known:
    """The customer numbers and product codes that rows may speak of."""

    accepted: frozenset[str]
    rejected: frozenset[str]
    products: frozenset[str]


@dataclass(frozen=True)
class BookHolding:
    customer_no: str
    product_id: str
    units: Decimal
    market_value: Decimal  # CNY

    def __add__(self, other: "BookHolding") -> "BookHolding":
        return replace(
            self,
            units=self.units + other.units,
            market_value=self.market_value + other.market_value,
        )


@dataclass(frozen=True)
class BookTransaction:
    customer_no: str
    product_id: str
    kind: TransactionKind
    amount: Decimal  # CNY
    traded_on: date
    occurrence: int  # 1, or more for a row that is equal to earlier ones


@dataclass(frozen=True)
class Holdings:
    accepted: Sequence[BookHolding]
    rows: int  # accepted ones
    unreadable: frozenset[tuple[str, str]]  # customer number and product code of rejected rows
    skipped: int  # rows of rejected customers


@dataclass(frozen=True)
class Transactions:
    accepted: Sequence[BookTransaction]
    skipped: int  # rows of rejected customers


class PositionReader:
    """Reads rows that belong to a customer and speak of a product."""

    def __init__(self, table: Table, known: Known, notes: list[Note]) -> None:
        self.skipped = 0
        self._table = table
        self._known = known
        self._notes = notes

    def reader(self, row: Row) -> tuple[RowReader, str]:
        """The reader of a row and its product code; rejected when it has no owner."""
        reader = RowReader(self._table.sheet, row, self._notes)
        reader.customer_no = reader.need("customer_no", read_customer_number) or ""
        product_id = reader.need("product_id", read_product_code) or ""
        if reader.customer_no:
            self._check_owner(reader)
        if product_id and product_id not in self._known.products and not reader.rejected:
            reader.warn(PRODUCT_UNKNOWN, "product_id")
        return reader, product_id

    def _check_owner(self, reader: RowReader) -> None:
        if reader.customer_no in self._known.rejected:
            self.skipped += 1
            reader.reject(CUSTOMER_REJECTED)
        elif reader.customer_no not in self._known.accepted:
            reader.reject(CUSTOMER_UNKNOWN, "customer_no")


def read_holdings(table: Table, known: Known, notes: list[Note]) -> Holdings:
    positions = PositionReader(table, known, notes)
    accepted: dict[tuple[str, str], BookHolding] = {}
    unreadable: set[tuple[str, str]] = set()
    rows = 0
    for row in table.rows():
        reader, product_id = positions.reader(row)
        key = (reader.customer_no, product_id)
        holding = _holding(reader, product_id)
        if holding is None:
            unreadable.add(key)
            continue
        rows += 1
        if key in accepted:
            reader.warn(HOLDING_REPEATED)
            holding = accepted[key] + holding
        accepted[key] = holding
    return Holdings(list(accepted.values()), rows, frozenset(unreadable), positions.skipped)


def _holding(reader: RowReader, product_id: str) -> BookHolding | None:
    if reader.rejected:
        return None
    units = reader.need_value("units", reader.amount("units"))
    value = reader.need_value("value", reader.money("value"))
    if reader.rejected or units is None or value is None:
        return None
    return BookHolding(reader.customer_no, product_id, units, value)


def read_transactions(table: Table, known: Known, today: date, notes: list[Note]) -> Transactions:
    positions = PositionReader(table, known, notes)
    seen: Counter[BookTransaction] = Counter()
    accepted: list[BookTransaction] = []
    for row in table.rows():
        reader, product_id = positions.reader(row)
        transaction = _transaction(reader, product_id, today)
        if transaction:
            seen[transaction] += 1
            accepted.append(replace(transaction, occurrence=seen[transaction]))
    return Transactions(accepted, positions.skipped)


def _transaction(reader: RowReader, product_id: str, today: date) -> BookTransaction | None:
    if reader.rejected:
        return None
    traded_on = reader.need_value("traded_on", read_date)
    kind = reader.need("kind", read_kind)
    amount = reader.need_value("amount", reader.money("amount"))
    if amount == 0:
        reader.reject(AMOUNT_ZERO, "amount")
    if reader.rejected or traded_on is None or kind is None or amount is None:
        return None
    if traded_on > today:
        reader.warn(DATE_IN_FUTURE, "traded_on")
    return BookTransaction(reader.customer_no, product_id, kind, amount, traded_on, 1)
