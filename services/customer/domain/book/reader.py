"""Read the cells of one row and note what is wrong with them."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from services.customer.domain.book.amounts import read_amount, to_cents
from services.customer.domain.book.cells import Cell
from services.customer.domain.book.problems import (
    AMOUNT_ROUNDED,
    MISSING,
    Note,
    Problem,
    Severity,
    Unclean,
)
from services.customer.domain.book.table import Row

V = TypeVar("V")
Read = Callable[[Cell], V]


class RowReader:
    """A row is rejected when something it needs cannot be read; the rest is only noted."""

    def __init__(self, sheet: str, row: Row, notes: list[Note]) -> None:
        self.row = row
        self.customer_no = ""
        self.rejected = False
        self._sheet = sheet
        self._notes = notes

    def need(self, field: str, read: Read[V]) -> V | None:
        """None only after the row was rejected."""
        try:
            return read(self.row.cell(field))
        except Unclean as error:
            self.reject(error.problem, field)
            return None

    def want(self, field: str, read: Read[V]) -> V | None:
        """None also when the cell could not be read, which is noted."""
        try:
            return read(self.row.cell(field))
        except Unclean as error:
            self.warn(error.problem, field)
            return None

    def need_value(self, field: str, read: Read[V | None]) -> V | None:
        """As need, and an empty cell rejects, too."""
        value = self.need(field, read)
        if value is None and not self.rejected:
            self.reject(MISSING, field)
        return value

    def amount(self, field: str) -> Read[Decimal | None]:
        """A reader that knows what the column is counted in."""
        return lambda cell: read_amount(cell, self.row.unit(field))

    def money(self, field: str) -> Read[Decimal | None]:
        """As amount, in whole cents."""

        def read(cell: Cell) -> Decimal | None:
            exact = read_amount(cell, self.row.unit(field))
            if exact is None:
                return None
            if exact != to_cents(exact):
                self.warn(AMOUNT_ROUNDED, field)
            return to_cents(exact)

        return read

    def reject(self, problem: Problem, field: str = "") -> None:
        self.rejected = True
        self._note(Severity.REJECTED, problem, field)

    def warn(self, problem: Problem, field: str = "") -> None:
        self._note(Severity.WARNING, problem, field)

    def _note(self, severity: Severity, problem: Problem, field: str) -> None:
        self._notes.append(
            Note(
                self._sheet,
                self.row.number,
                self.customer_no,
                severity,
                problem,
                self.row.title(field),
            )
        )
