"""What one customer holds with the institution, month by month, and whose customer they are.

Whatever the order in which it is told, the same book comes out: in each month the latest word
on a holding counts (the highest sequence), a month without a word carries the one before, and
the adviser at a month's end is the latest named until then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from services.analytics.domain.figures import AUM, CUSTOMERS, Cell, Figure, Movements, moved
from services.analytics.domain.month import Month

ZERO = Decimal(0)


@dataclass(frozen=True)
class Assignment:
    """Whose customer, and the sequence of the event that said so."""

    adviser_id: str = ""
    team_id: str = ""
    sequence: int = 0


@dataclass(frozen=True)
class Closing:
    """How the book stands at a month's end."""

    assignment: Assignment = Assignment()
    aum: Decimal = ZERO  # CNY

    def figures(self, month: Month) -> Iterator[Figure]:
        owner = (self.assignment.team_id, self.assignment.adviser_id)
        yield Cell(month, AUM, *owner), self.aum
        yield Cell(month, CUSTOMERS, *owner), Decimal(self.aum > 0)


@dataclass(frozen=True)
class Valuation:
    value: Decimal  # CNY
    sequence: int


@dataclass(eq=False)
class Holding:
    """One product: its value before the month in question, and as told since."""

    opening: Decimal = ZERO
    told: dict[Month, Valuation] = field(default_factory=dict)

    def value_in(self, month: Month) -> Decimal:
        valuation = self.told.get(month)
        return valuation.value if valuation else self.opening

    def knows_better(self, month: Month, sequence: int) -> bool:
        valuation = self.told.get(month)
        return valuation is not None and valuation.sequence >= sequence

    def told_next(self, month: Month) -> Month | None:
        return min((told for told in self.told if told > month), default=None)


@dataclass(eq=False)
class Book:
    """A customer's book from one month on: the end of the month before, and what is known since."""

    customer_id: str
    month: Month
    opening: Closing = Closing()
    closings: dict[Month, Closing] = field(default_factory=dict)
    holdings: dict[str, Holding] = field(default_factory=dict)  # by product

    def tell(self, assignment: Assignment, values: Mapping[str, Decimal]) -> Movements:
        """In this month they were that adviser's, and these holdings were worth that much."""
        before = list(self._figures())
        self.closings.setdefault(self.month, self.opening)
        self._assign(assignment)
        for product_id, value in values.items():
            self._revalue(product_id, Valuation(value, assignment.sequence))
        return moved(before, self._figures())

    def _assign(self, assignment: Assignment) -> None:
        for month, closing in self.closings.items():
            if closing.assignment.sequence < assignment.sequence:
                self.closings[month] = replace(closing, assignment=assignment)

    def _revalue(self, product_id: str, valuation: Valuation) -> None:
        holding = self.holdings.setdefault(product_id, Holding())
        if holding.knows_better(self.month, valuation.sequence):
            return
        difference = valuation.value - holding.value_in(self.month)
        holding.told[self.month] = valuation
        until = holding.told_next(self.month)
        for month, closing in self.closings.items():
            if until is None or month < until:
                self.closings[month] = replace(closing, aum=closing.aum + difference)

    def _figures(self) -> Iterator[Figure]:
        """Each closing takes the place of the one before it."""
        standing = self.opening
        for month in sorted(self.closings):
            for cell, value in standing.figures(month):
                yield cell, -value
            standing = self.closings[month]
            yield from standing.figures(month)
