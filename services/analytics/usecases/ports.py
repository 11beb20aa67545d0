"""What the use cases of analytics need from the outside world."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from chassis.work import BatchWork
from services.analytics.domain.book import Book
from services.analytics.domain.figures import Movements
from services.analytics.domain.journey import Journey
from services.analytics.domain.month import Month, MonthClosed
from services.analytics.domain.names import ListedProduct, StaffMember, Team
from services.analytics.domain.transaction import Transaction

Announcement = MonthClosed


class Freshness(Protocol):
    def note(self, at: datetime) -> None:
        """Count one more event, and wait until no other work is applying one."""
        ...


class Figures(Protocol):
    def move(self, movements: Movements) -> None: ...

    def total(self, measure: str, until: Month) -> Decimal:
        """All that was moved up to a month's end."""
        ...

    def first_month(self, measure: str) -> Month | None: ...


class Books(Protocol):
    def open(self, customer_id: str, month: Month, product_ids: Collection[str]) -> Book:
        """The book from that month on, with these of its holdings."""
        ...

    def save(self, book: Book) -> None: ...


class Transactions(Protocol):
    def known(self, transaction_ids: Collection[str]) -> dict[str, Transaction]: ...

    def keep(self, told: Sequence[Transaction]) -> None: ...


class Journeys(Protocol):
    def get(self, journey_id: str) -> Journey:
        """A new one when nothing was heard of it before."""
        ...

    def save(self, journey: Journey) -> None: ...


class Names(Protocol):
    """Each keeps what has the highest sequence."""

    def keep_member(self, member: StaffMember) -> None: ...

    def keep_team(self, team: Team) -> None: ...

    def keep_product(self, product: ListedProduct) -> None: ...


class ClosedMonths(Protocol):
    def last(self) -> Month | None: ...

    def add(self, closed: MonthClosed) -> None:
        """Raise Conflict when the month was closed meanwhile."""
        ...


class AnalyticsWork(BatchWork, Protocol):
    @property
    def freshness(self) -> Freshness: ...

    @property
    def figures(self) -> Figures: ...

    @property
    def books(self) -> Books: ...

    @property
    def transactions(self) -> Transactions: ...

    @property
    def journeys(self) -> Journeys: ...

    @property
    def names(self) -> Names: ...

    @property
    def closed_months(self) -> ClosedMonths: ...

    def announce(self, event: Announcement) -> None: ...
