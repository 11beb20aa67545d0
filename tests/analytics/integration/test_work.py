"""What every AnalyticsWork must do, the fake included."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from chassis.database import begin
from chassis.errors import Conflict
from services.analytics.adapters.database import SqlAnalyticsWork
from services.analytics.domain.book import Assignment, Closing, Valuation
from services.analytics.domain.figures import AUM, CUSTOMERS, Cell
from services.analytics.domain.journey import Arrival, Particulars, Stage
from services.analytics.domain.month import Month, MonthClosed
from services.analytics.domain.names import StaffMember
from services.analytics.domain.transaction import Transaction, TransactionKind
from services.analytics.usecases.ports import AnalyticsWork
from tests.analytics.unit.fakes import fake_begin

Begin = Callable[[], AbstractContextManager[AnalyticsWork]]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
JANUARY, MARCH, MAY = Month(2026, 1), Month(2026, 3), Month(2026, 5)
ANN, BEN = Assignment("s-ann", "t-1", 1), Assignment("s-ben", "t-2", 2)


@pytest.fixture(params=["fake", "sql"])
def work(request: pytest.FixtureRequest) -> Begin:
    if request.param == "fake":
        return fake_begin()
    return begin(request.getfixturevalue("database"), SqlAnalyticsWork)


def keep_book(work: Begin, month: Month, assignment: Assignment, **values: int) -> None:
    with work() as changed:
        book = changed.books.open("c-1", month, values.keys())
        book.tell(assignment, {name: Decimal(value) for name, value in values.items()})
        changed.books.save(book)
        changed.commit()


def test_a_book_opens_with_what_stood_before_the_month(work: Begin) -> None:
    keep_book(work, JANUARY, ANN, P1=100, P2=7)
    keep_book(work, MAY, BEN, P1=150)

    with work() as later:
        book = later.books.open("c-1", MARCH, ["P1"])

    assert book.opening == Closing(ANN, Decimal(107))
    assert book.closings == {MAY: Closing(BEN, Decimal(157))}
    assert book.holdings["P1"].opening == 100
    assert book.holdings["P1"].told == {MAY: Valuation(Decimal(150), 2)}
    assert list(book.holdings) == ["P1"]


def test_a_book_that_was_never_told_of_is_empty(work: Begin) -> None:
    with work() as first:
        book = first.books.open("c-1", MARCH, ["P1"])

    assert book.opening == Closing()
    assert book.closings == {}


def test_a_closing_told_again_takes_the_place_of_the_first(work: Begin) -> None:
    keep_book(work, MARCH, ANN, P1=100)
    keep_book(work, MARCH, BEN, P1=90)

    with work() as later:
        assert later.books.open("c-1", MARCH, ["P1"]).closings == {MARCH: Closing(BEN, Decimal(90))}


def test_figures_add_up_until_a_month(work: Begin) -> None:
    with work() as first:
        first.figures.move({Cell(JANUARY, AUM, "t-1", "s-1"): Decimal("0.10")})
        first.figures.move({Cell(JANUARY, AUM, "t-1", "s-1"): Decimal("0.20")})
        first.figures.move({Cell(MARCH, AUM, "t-2", "s-2"): Decimal(1)})
        first.commit()

    with work() as second:
        assert second.figures.total(AUM, until=JANUARY) == Decimal("0.30")
        assert second.figures.total(AUM, until=MAY) == Decimal("1.30")
        assert second.figures.total(CUSTOMERS, until=MAY) == 0


def test_a_figure_that_moved_back_to_zero_is_forgotten(work: Begin) -> None:
    with work() as first:
        first.figures.move({Cell(JANUARY, AUM, "t-1", "s-1"): Decimal(5)})
        first.figures.move({Cell(MARCH, AUM, "t-1", "s-1"): Decimal(5)})
        first.figures.move({Cell(JANUARY, AUM, "t-1", "s-1"): Decimal(-5)})
        first.commit()

    with work() as second:
        assert second.figures.first_month(AUM) == MARCH
        assert second.figures.first_month(CUSTOMERS) is None


def test_transactions_are_known_by_their_id(work: Begin) -> None:
    bought = Transaction(
        transaction_id="x-1",
        month=MARCH,
        team_id="t-1",
        adviser_id="s-1",
        kind=TransactionKind.SUBSCRIBE,
        amount=Decimal("10.01"),
        told_by_sale=False,
        sequence=3,
    )
    with work() as first:
        first.transactions.keep([bought])
        first.commit()

    with work() as second:
        assert second.transactions.known(["x-1", "x-2"]) == {"x-1": bought}
        assert second.transactions.known([]) == {}


def test_a_journey_is_found_as_far_as_it_came(work: Begin) -> None:
    arrival = Arrival(NOON, MARCH)
    anns = Particulars(adviser_id="s-ann", team_id="t-1", amount=Decimal(5), sequence=1)
    for stage in (Stage.SALE_DRAFTED, Stage.SALE_SIGNED):
        with work() as changed:
            journey = changed.journeys.get("d-1")
            journey.reach(stage, arrival, anns)
            changed.journeys.save(journey)
            changed.commit()

    with work() as later:
        found = later.journeys.get("d-1")

    assert found.particulars == anns
    assert found.arrivals == {Stage.SALE_DRAFTED: arrival, Stage.SALE_SIGNED: arrival}


def test_a_month_is_closed_only_once(work: Begin) -> None:
    closed = MonthClosed(MARCH, Decimal("1.50"), 3, NOON)
    with work() as first:
        assert first.closed_months.last() is None
        first.closed_months.add(closed)
        first.commit()

    with pytest.raises(Conflict), work() as second:
        assert second.closed_months.last() == MARCH
        second.closed_months.add(closed)


def test_names_can_be_kept_twice(work: Begin) -> None:
    ann = StaffMember(staff_id="s-1", name="Ann", team_id="t-1", advises=True, sequence=1)
    with work() as first:
        first.names.keep_member(ann)
        first.names.keep_member(ann)
        first.commit()


def test_uncommitted_work_is_forgotten_with_the_message_that_caused_it(work: Begin) -> None:
    with work() as first:
        assert not first.already_handled("m-1")
        first.figures.move({Cell(JANUARY, AUM, "t-1", "s-1"): Decimal(5)})

    with work() as second:
        assert not second.already_handled("m-1")
        assert second.figures.total(AUM, until=MAY) == 0
        second.freshness.note(NOON)
        second.freshness.note(NOON - timedelta(days=1))
        second.commit()

    with work() as third:
        assert third.already_handled("m-1")
