"""Rows with the same identity number are one person.

The survivor is the row that is not marked as a duplicate entry, then the one that says
most, then the first; what it leaves empty is filled from the others in the order of the
book. Level and assessment date stay together. Every customer number is kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace

from services.customer.domain.book.customers import BookCustomer

FILLED = ("phone", "wechat", "address", "annual_income", "stated_aum", "adviser", "team")


def merge(customers: Iterable[BookCustomer]) -> Sequence[BookCustomer]:
    """One customer per identity number, in the order of the book."""
    persons: dict[str, list[BookCustomer]] = {}
    for customer in customers:
        persons.setdefault(customer.identity_number, []).append(customer)
    return [_merged(rows) for rows in persons.values()]


def _merged(rows: Sequence[BookCustomer]) -> BookCustomer:
    survivor = min(rows, key=lambda row: (row.marked_as_duplicate, -_said(row)))
    for other in rows:
        survivor = _filled(survivor, other)
    numbers = dict.fromkeys(row.customer_no for row in rows)
    numbers.pop(survivor.customer_no)
    return replace(survivor, aliases=tuple(numbers))


def _filled(survivor: BookCustomer, other: BookCustomer) -> BookCustomer:
    filled = {
        name: getattr(other, name) for name in FILLED if getattr(survivor, name) in ("", None)
    }
    if not survivor.level:
        filled |= {"level": other.level, "assessed_on": other.assessed_on}
    tags = tuple(dict.fromkeys((*survivor.tags, *other.tags)))
    return replace(survivor, tags=tags, **filled)


def _said(customer: BookCustomer) -> int:
    return sum(1 for field in fields(customer) if getattr(customer, field.name))
