"""A price that moves far makes a decision stale."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.suitability.domain.match import DecisionStale
from services.suitability.domain.price import Price, price_change
from services.suitability.usecases.keep_price import KeepPrice, keep_price
from tests.suitability.samples import INSTITUTION, NOON, ready, sell
from tests.suitability.unit.fakes import FakeWork

HOUR = timedelta(hours=1)
PACK = INSTITUTION.packs.in_force(NOON.date())
NAVS = st.decimals("0.0001", "1000", places=4)


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    ready(work)
    return work


def priced(work: FakeWork, nav: str, sequence: int, as_of: date | None = None) -> None:
    """One announcement in each hour, beginning at noon of the day before."""
    at = NOON + (sequence - 24) * HOUR
    price = Price("P1", Decimal(nav), as_of or at.date(), sequence, at)
    keep_price(KeepPrice(price=price, institution=INSTITUTION), work)


def stale(work: FakeWork) -> list[str]:
    return [event.reason_en for event in work.announced if isinstance(event, DecisionStale)]


@pytest.mark.parametrize(
    ("nav", "given_up"), [("1.1", 0), ("1.1001", 1), ("0.9", 0), ("0.8999", 1), ("1", 0)]
)
def test_a_decision_is_given_up_beyond_the_percentage_and_not_at_it(
    work: FakeWork, nav: str, given_up: int
) -> None:
    priced(work, "1", 1)
    sell(work)

    priced(work, nav, 25)

    assert len(stale(work)) == given_up
    assert all("10 %" in reason for reason in stale(work))


def test_small_steps_count_from_the_decision(work: FakeWork) -> None:
    priced(work, "1", 1)
    sell(work)

    priced(work, "1.06", 25)
    priced(work, "1.12", 26)

    assert len(stale(work)) == 1


def test_a_decision_made_when_no_price_was_known_is_left_alone(work: FakeWork) -> None:
    sell(work)

    priced(work, "1", 25)
    priced(work, "2", 26)

    assert stale(work) == []


def test_a_price_of_an_earlier_day_changes_nothing(work: FakeWork) -> None:
    priced(work, "1", 1)
    sell(work)
    priced(work, "1.01", 26)

    priced(work, "5", 27, as_of=date(2026, 1, 1))

    assert stale(work) == []


def test_a_price_that_was_corrected_the_same_day_counts(work: FakeWork) -> None:
    priced(work, "1", 1)
    sell(work)
    priced(work, "1.01", 25)

    priced(work, "1.5", 26)

    assert len(stale(work)) == 1


@given(before=NAVS, now=NAVS)
def test_what_is_more_than_a_tenth_is_a_change(before: Decimal, now: Decimal) -> None:
    changed = price_change(before, now, PACK) is not None

    assert changed == (not before * 9 <= now * 10 <= before * 11)
