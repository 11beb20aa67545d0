"""A whole client book, cleaned: what is taken, what is not and why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from services.customer.domain.book.cells import Workbook
from services.customer.domain.book.customers import (
    BookCustomer,
    Holders,
    by_number,
    customer_numbers,
    read_customers,
)
from services.customer.domain.book.family import BookFamilyLink, read_family
from services.customer.domain.book.layouts import (
    CUSTOMERS,
    FAMILY,
    HOLDINGS,
    PRODUCTS,
    TRANSACTIONS,
)
from services.customer.domain.book.merging import merge
from services.customer.domain.book.positions import (
    Holdings,
    Known,
    Transactions,
    read_holdings,
    read_transactions,
)
from services.customer.domain.book.problems import (
    AUM_DIFFERS,
    SHEET_ABSENT,
    Note,
    Severity,
)
from services.customer.domain.book.products import BookProduct, read_products
from services.customer.domain.book.table import find_sheet, find_table


@dataclass(frozen=True, kw_only=True)
class Book:
    customers: Sequence[BookCustomer]
    products: Sequence[BookProduct]
    holdings: Holdings
    transactions: Transactions
    family: Sequence[BookFamilyLink]
    notes: Sequence[Note]
    customer_rows: int
    rejected_rows: int  # of the customer sheet
    duplicate_rows: int
    customer_sheet: str

    @property
    def aum(self) -> Decimal:
        """CNY, of all accepted customers."""
        return sum((holding.market_value for holding in self.holdings.accepted), Decimal(0))

    @property
    def by_number(self) -> Mapping[str, BookCustomer]:
        return by_number(self.customers)


def numbers_in(workbook: Workbook) -> frozenset[str]:
    """The customer numbers of a book; raise Invalid when it has no customer sheet."""
    return customer_numbers(find_table(workbook, CUSTOMERS))


def clean(
    workbook: Workbook, today: date, on_file: Mapping[str, str] = MappingProxyType({})
) -> Book:
    """Read the whole book; *on_file* says whose customer numbers are, by identity number.

    Raise Invalid when a sheet or a column that is needed is missing.
    """
    tables = {
        layout: find_table(workbook, layout)
        for layout in (CUSTOMERS, PRODUCTS, HOLDINGS, TRANSACTIONS)
    }
    notes: list[Note] = []
    sheet = read_customers(tables[CUSTOMERS], Holders(on_file), today, notes)
    customers = merge(sheet.accepted)
    persons = by_number(customers)
    products = read_products(tables[PRODUCTS], notes)
    known = Known(
        frozenset(persons), sheet.rejected, frozenset(product.product_id for product in products)
    )
    holdings = read_holdings(tables[HOLDINGS], known, notes)
    notes += aum_notes(tables[CUSTOMERS].sheet, customers, holdings)
    return Book(
        customers=customers,
        products=products,
        holdings=holdings,
        transactions=read_transactions(tables[TRANSACTIONS], known, today, notes),
        family=_family(workbook, persons, sheet.rejected, notes),
        notes=notes,
        customer_rows=sheet.rows,
        rejected_rows=sheet.rejected_rows,
        duplicate_rows=len(sheet.accepted) - len(customers),
        customer_sheet=tables[CUSTOMERS].sheet,
    )


def aum_notes(sheet: str, customers: Sequence[BookCustomer], holdings: Holdings) -> Sequence[Note]:
    """Customers whose stated assets are not the sum of their holdings."""
    owner = by_number(customers)
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for holding in holdings.accepted:
        sums[owner[holding.customer_no].customer_no] += holding.market_value
    return [
        Note(sheet, customer.row, customer.customer_no, Severity.WARNING, AUM_DIFFERS)
        for customer in customers
        if customer.stated_aum is not None and customer.stated_aum != sums[customer.customer_no]
    ]


def _family(
    workbook: Workbook,
    persons: Mapping[str, BookCustomer],
    rejected: frozenset[str],
    notes: list[Note],
) -> Sequence[BookFamilyLink]:
    """A book may come without a family sheet."""
    if find_sheet(workbook, FAMILY) is None:
        notes.append(Note(FAMILY.title, 0, "", Severity.WARNING, SHEET_ABSENT))
        return []
    return read_family(find_table(workbook, FAMILY), persons, rejected, notes)
