"""Figures by month, team, adviser and product: sums that only ever move by differences."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from services.analytics.domain.month import Month

# By how much the month's end differs from the end of the month before.
AUM = "aum"
CUSTOMERS = "customers"
# What came in less what went out in the month.
NET_SUBSCRIPTIONS = "net_subscriptions"


@dataclass(frozen=True)
class Cell:
    """Where a figure is counted."""

    month: Month
    measure: str
    team_id: str
    adviser_id: str
    product_id: str = ""


Figure = tuple[Cell, Decimal]
Movements = dict[Cell, Decimal]


def moved(before: Iterable[Figure], after: Iterable[Figure]) -> Movements:
    """What turns the sum of *before* into the sum of *after*."""
    movements: Movements = defaultdict(Decimal)
    for cell, value in after:
        movements[cell] += value
    for cell, value in before:
        movements[cell] -= value
    return {cell: value for cell, value in movements.items() if value}
