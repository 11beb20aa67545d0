"""Read models in memory that behave as those in PostgreSQL."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from chassis.errors import Conflict
from chassis.trail import Entry
from services.analytics.domain.book import Book, Closing, Holding, Valuation
from services.analytics.domain.figures import Cell, Movements
from services.analytics.domain.journey import Journey
from services.analytics.domain.month import Month, MonthClosed
from services.analytics.domain.names import ListedProduct, StaffMember, Team
from services.analytics.domain.transaction import Transaction
from services.analytics.usecases.ports import Announcement


@dataclass
class FakeFreshness:
    events_applied: int = 0
    last_event_at: datetime | None = None

    def note(self, at: datetime) -> None:
        self.events_applied += 1
        self.last_event_at = max(at, self.last_event_at or at)


@dataclass
class FakeFigures:
    cells: dict[Cell, Decimal] = field(default_factory=dict)

    def move(self, movements: Movements) -> None:
        for cell, value in movements.items():
            moved = self.cells.pop(cell, Decimal(0)) + value
            if moved:
                self.cells[cell] = moved

    def total(self, measure: str, until: Month) -> Decimal:
        cells = self.cells.items()
        return sum(
            (v for cell, v in cells if cell.measure == measure and cell.month <= until), Decimal(0)
        )

    def first_month(self, measure: str) -> Month | None:
        months = (cell.month for cell in self.cells if cell.measure == measure)
        return min(months, default=None)


@dataclass
class FakeBooks:
    closings: dict[str, dict[Month, Closing]] = field(default_factory=lambda: defaultdict(dict))
    holdings: dict[tuple[str, str], dict[Month, Valuation]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def open(self, customer_id: str, month: Month, product_ids: Collection[str]) -> Book:
        book = Book(customer_id, month)
        for told, closing in sorted(self.closings[customer_id].items()):
            if told < month:
                book.opening = closing
            else:
                book.closings[told] = closing
        for product_id in product_ids:
            book.holdings[product_id] = self._holding(customer_id, product_id, month)
        return book

    def _holding(self, customer_id: str, product_id: str, month: Month) -> Holding:
        holding = Holding()
        for told, valuation in sorted(self.holdings[customer_id, product_id].items()):
            if told < month:
                holding.opening = valuation.value
            else:
                holding.told[told] = valuation
        return holding

    def save(self, book: Book) -> None:
        self.closings[book.customer_id] |= book.closings
        for product_id, holding in book.holdings.items():
            self.holdings[book.customer_id, product_id] |= holding.told


@dataclass
class FakeTransactions:
    rows: dict[str, Transaction] = field(default_factory=dict)

    def known(self, transaction_ids: Collection[str]) -> dict[str, Transaction]:
        return {key: row for key, row in self.rows.items() if key in transaction_ids}

    def keep(self, told: Sequence[Transaction]) -> None:
        self.rows |= {each.transaction_id: each for each in told}


@dataclass
class FakeJourneys:
    rows: dict[str, Journey] = field(default_factory=dict)

    def get(self, journey_id: str) -> Journey:
        return deepcopy(self.rows.get(journey_id, Journey(journey_id)))

    def save(self, journey: Journey) -> None:
        self.rows[journey.journey_id] = deepcopy(journey)


@dataclass
class FakeNames:
    members: dict[str, StaffMember] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    products: dict[str, ListedProduct] = field(default_factory=dict)

    def keep_member(self, member: StaffMember) -> None:
        known = self.members.setdefault(member.staff_id, member)
        self.members[member.staff_id] = max(known, member, key=lambda each: each.sequence)

    def keep_team(self, team: Team) -> None:
        known = self.teams.setdefault(team.team_id, team)
        self.teams[team.team_id] = max(known, team, key=lambda each: each.sequence)

    def keep_product(self, product: ListedProduct) -> None:
        known = self.products.setdefault(product.product_id, product)
        self.products[product.product_id] = max(known, product, key=lambda each: each.sequence)


@dataclass
class FakeClosedMonths:
    rows: dict[Month, MonthClosed] = field(default_factory=dict)

    def last(self) -> Month | None:
        return max(self.rows, default=None)

    def add(self, closed: MonthClosed) -> None:
        if closed.month in self.rows:
            raise Conflict("already_exists", "closed already", "已关账")
        self.rows[closed.month] = closed


@dataclass
class FakeWork:
    freshness: FakeFreshness = field(default_factory=FakeFreshness)
    figures: FakeFigures = field(default_factory=FakeFigures)
    books: FakeBooks = field(default_factory=FakeBooks)
    transactions: FakeTransactions = field(default_factory=FakeTransactions)
    journeys: FakeJourneys = field(default_factory=FakeJourneys)
    names: FakeNames = field(default_factory=FakeNames)
    closed_months: FakeClosedMonths = field(default_factory=FakeClosedMonths)
    announced: list[Announcement] = field(default_factory=list)
    recorded: list[Entry] = field(default_factory=list)
    handled: set[str] = field(default_factory=set)
    committed: bool = False

    def already_handled(self, message_id: str) -> bool:
        known = message_id in self.handled
        self.handled.add(message_id)
        return known

    def unhandled(self, message_ids: Sequence[str]) -> set[str]:
        return {each for each in message_ids if not self.already_handled(each)}

    def announce(self, event: Announcement) -> None:
        self.announced.append(event)

    def record(self, entry: Entry) -> None:
        self.recorded.append(entry)

    def commit(self) -> None:
        self.committed = True


class FakeDatabase:
    """What was committed; work that was not is forgotten."""

    def __init__(self) -> None:
        self.now = FakeWork()

    @contextmanager
    def begin(self) -> Iterator[FakeWork]:
        work = deepcopy(self.now)
        work.committed = False
        yield work
        if work.committed:
            self.now = work


def fake_begin() -> Callable[[], AbstractContextManager[FakeWork]]:
    return FakeDatabase().begin
