"""The facts of many clients, a column for each fact and a row for each client.

An amount is kept in cents; the few that have smaller parts are kept beside the column. Any other
fact is the number of its value in a list of the values that occur.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.suitability.domain.catalogue import CUSTOMER, DERIVED
from services.suitability.domain.mask_atoms import CLIENT
from services.suitability.domain.sale import DEFAULTS

Numbers = TypeVar("Numbers", bound=np.integer[Any])

MISSING = -1
ABSENT = 0
WIDTHS = (np.uint8, np.uint16, np.uint32)
# What each derived fact of a client is derived from, see `Sale.derived`.
SOURCES = {
    name: "customer.born_on" if name == "customer.age" else "customer.assessed_on"
    for name in DERIVED
    if name in CLIENT
}


class Coded:
    """*values* by their numbers; number 0 is of what is not known."""

    def __init__(self) -> None:
        self.values: list[object] = [None]
        self.rows: NDArray[np.unsignedinteger[Any]] = np.zeros(0, np.uint8)
        self._numbers: dict[object, int] = {}

    def room(self, size: int) -> None:
        self.rows = _with_room(self.rows, size, ABSENT)

    def put(self, row: int, value: object) -> None:
        if value is None:
            self.rows[row] = ABSENT
            return
        number = self._numbers.get(value)
        if number is None:
            number = self._numbers[value] = len(self.values)
            self.values.append(value)
            if number > np.iinfo(self.rows.dtype).max:
                self.rows = self.rows.astype(WIDTHS[WIDTHS.index(self.rows.dtype.type) + 1])
        self.rows[row] = number

    def at(self, row: int) -> object:
        return self.values[self.rows[row]]


class Amounts:
    """In cents, rounded down; *exact* has those that are no whole cents."""

    def __init__(self) -> None:
        self.rows: NDArray[np.int64] = np.zeros(0, np.int64)
        self.exact: dict[int, Decimal] = {}

    def room(self, size: int) -> None:
        self.rows = _with_room(self.rows, size, MISSING)

    def put(self, row: int, value: object) -> None:
        self.exact.pop(row, None)
        if not isinstance(value, Decimal):
            self.rows[row] = MISSING
            return
        cents = int((value * 100).to_integral_value(ROUND_FLOOR))
        self.rows[row] = cents
        if Decimal(cents) != value * 100:
            self.exact[row] = value

    def at(self, row: int) -> object:
        cents = int(self.rows[row])
        return None if cents == MISSING else self.exact.get(row, Decimal(cents) / 100)


class Columns:
    """Of every fact of a client in the catalogue."""

    def __init__(self) -> None:
        self.size = 0
        self.by_name: dict[str, Coded | Amounts] = {
            fact.name: Amounts() if fact.kind.name == "amount" else Coded() for fact in CUSTOMER
        }

    def add(self, facts: Iterable[Mapping[str, object]]) -> None:
        """A row for each."""
        for one in facts:
            self.put(self.size, one)

    def put(self, row: int, given: Mapping[str, object]) -> None:
        """*given* as a sale reads facts, by name; *row* may be the next one."""
        if row >= self.size:
            self.size = row + 1
            for column in self.by_name.values():
                column.room(self.size)
        for name, column in self.by_name.items():
            column.put(row, given.get(name, DEFAULTS.get(name)))

    def at(self, row: int) -> dict[str, object]:
        """The facts of a client again, with what is taken for granted when it is not given."""
        found = {name: column.at(row) for name, column in self.by_name.items()}
        return {name: value for name, value in found.items() if value is not None}

    @property
    def bytes(self) -> int:
        """Of the rows, without the values they number."""
        return sum(column.rows.nbytes for column in self.by_name.values())


def _with_room(rows: NDArray[Numbers], size: int, empty: int) -> NDArray[Numbers]:
    if size <= len(rows):
        return rows
    larger = np.full(max(size, len(rows) * 2, 1024), empty, rows.dtype)
    larger[: len(rows)] = rows
    return larger
