from datetime import UTC, datetime
from decimal import Decimal

import pytest

from chassis.errors import Invalid
from chassis.moments import stamp
from liheng.customer.v1 import events_pb2 as customer
from liheng.workflow.v1 import events_pb2 as workflow
from services.analytics.domain.month import Month
from services.analytics.domain.names import StaffMember
from tests.analytics.bus import NOON, Listener, Told
from tests.analytics.examples import ANN, bought, confirmed, holdings, member
from tests.analytics.unit.fakes import FakeDatabase


@pytest.fixture
def database() -> FakeDatabase:
    return FakeDatabase()


@pytest.fixture
def listener(database: FakeDatabase) -> Listener:
    return Listener(database.begin)


def test_an_event_told_twice_counts_once(listener: Listener, database: FakeDatabase) -> None:
    told = Told(holdings("c-1", ANN, P1="10.00"), 1)

    listener.hear_all([told, told])

    assert database.now.freshness.events_applied == 1


def test_the_month_is_that_of_the_institutions_zone(
    listener: Listener, database: FakeDatabase
) -> None:
    listener.hear(holdings("c-1", ANN, datetime(2025, 12, 31, 16, tzinfo=UTC), P1="10.00"))

    assert {cell.month for cell in database.now.figures.cells} == {Month(2026, 1)}


def test_a_sale_counts_on_the_day_its_shares_were_confirmed(
    listener: Listener, database: FakeDatabase
) -> None:
    listener.hear(confirmed("d-1", ANN, "10.00", confirmed_on="2026-10-31"))

    assert {cell.month for cell in database.now.figures.cells} == {Month(2026, 10)}


def test_dividends_are_neither_subscriptions_nor_redemptions(
    listener: Listener, database: FakeDatabase
) -> None:
    listener.hear(bought("x-1", "2026-11-01", "7.00", kind="dividend"))

    assert database.now.figures.cells == {}


def test_waiting_is_not_a_stage(listener: Listener, database: FakeDatabase) -> None:
    moved = workflow.SaleMoved(sale_id="d-1", state="cooling_off", amount="1", at=stamp(NOON))

    listener.hear(moved)

    assert database.now.journeys.rows == {}


def test_staff_who_left_advise_no_more(listener: Listener, database: FakeDatabase) -> None:
    left = member("s-ann", "Ann", "", "")
    left.active = False

    listener.hear(left)

    assert database.now.names.members == {
        "s-ann": StaffMember(staff_id="s-ann", name="Ann", team_id="", advises=False, sequence=1)
    }
    assert database.now.names.teams == {}


@pytest.mark.parametrize(
    "event",
    [
        holdings("c-1", ANN, P1="a lot"),
        bought("x-1", "yesterday"),
        bought("x-1", "2026-11-01", kind="gift"),
        confirmed("d-1", ANN, "10.00", confirmed_on=""),
    ],
)
def test_what_cannot_be_read_is_refused_for_good(
    listener: Listener, event: customer.HoldingsChanged
) -> None:
    with pytest.raises(Invalid):
        listener.hear(event)


def test_amounts_are_exact(listener: Listener, database: FakeDatabase) -> None:
    listener.hear(holdings("c-1", ANN, P1="0.10", P2="0.20"))

    assert sum(database.now.figures.cells.values()) == Decimal("1.30")
