"""A customer has an adviser, or holdings are worth something else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from services.analytics.domain.book import Assignment
from services.analytics.domain.month import Month
from services.analytics.usecases.ports import AnalyticsWork


@dataclass(frozen=True, kw_only=True)
class RevalueBook:
    customer_id: str
    month: Month
    assignment: Assignment
    at: datetime
    values: Mapping[str, Decimal] = field(default_factory=dict)  # CNY by product


def revalue_book(command: RevalueBook, work: AnalyticsWork) -> None:
    work.freshness.note(command.at)
    book = work.books.open(command.customer_id, command.month, command.values.keys())
    work.figures.move(book.tell(command.assignment, command.values))
    work.books.save(book)
