"""What clients hold is matched again when a level changes, and each change is told once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from services.suitability.adapters.announcements import to_message
from services.suitability.domain.holding import Cause, Fit, HoldingsRematched
from services.suitability.domain.rematch import HoldersRematched
from services.suitability.usecases.keep_customer import BroughtLevel, KeepCustomer, keep_customer
from services.suitability.usecases.keep_holdings import KeepHoldings, keep_holdings
from services.suitability.usecases.rematch_holders import (
    RematchExpired,
    RematchHolders,
    rematch_expired,
    rematch_holders,
)
from tests.suitability.samples import (
    CUSTOMER,
    INSTITUTION,
    NOON,
    assess,
    know_customer,
    know_fund,
    ready,
)
from tests.suitability.unit.fakes import FakeWork

DAY = timedelta(days=1)


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    ready(work)
    finish(work)
    return work


def hold(
    work: FakeWork, units: str = "100", sequence: int = 1, product_id: str = "P1", who: str = "c-1"
) -> None:
    keep_holdings(
        KeepHoldings(
            customer_id=who,
            units={product_id: Decimal(units)},
            sequence=sequence,
            at=NOON,
            institution=INSTITUTION,
        ),
        work,
    )


def finish(work: FakeWork, at: datetime = NOON, limit: int = 100) -> int:
    """How many batches it took."""
    command = RematchHolders(at=at, institution=INSTITUTION, limit=limit)
    return sum(1 for _ in iter(lambda: rematch_holders(command, work), False))


def fit(work: FakeWork, product_id: str = "P1", who: str = "c-1") -> Fit | None:
    held = work.holdings.rows[who, product_id]
    return held.opinion.fit if held.opinion else None


def told(work: FakeWork) -> Sequence[HoldingsRematched]:
    return [event for event in work.announced if isinstance(event, HoldingsRematched)]


def summaries(work: FakeWork) -> list[tuple[int, int]]:
    finished = [event for event in work.announced if isinstance(event, HoldersRematched)]
    return [(event.rematch.holders, event.rematch.mismatches) for event in finished]


def another_holder(work: FakeWork, number: int) -> str:
    """A client with an imported level of C3."""
    name = f"c-{number:03}"
    keep_customer(
        KeepCustomer(
            customer_id=name,
            facts=CUSTOMER,
            sequence=1,
            at=NOON,
            institution=INSTITUTION,
            brought=BroughtLevel(f"a-{number}", "C3", NOON.date()),
        ),
        work,
    )
    hold(work, who=name)
    return name


def test_a_first_opinion_is_kept_and_tells_nobody(work: FakeWork) -> None:
    hold(work)

    assert fit(work) is Fit.MATCHES
    assert told(work) == []


def test_a_rating_that_rises_above_the_client_is_told_with_both_opinions(work: FakeWork) -> None:
    hold(work)

    know_fund(work, sequence=2, issuer_level="R4")
    finish(work)

    (event,) = told(work)
    (one,) = event.holdings
    assert (event.customer_id, event.cause) == ("c-1", Cause.RATING)
    assert (one.before.fit, one.now.fit) == (Fit.MATCHES, Fit.MISMATCH)
    assert (one.before.product_level, one.now.product_level) == ("R3", "R4")
    assert one.now.rule_ids == ("MAT-05",)
    assert summaries(work) == [(1, 1)]
    assert work.holdings.rows["c-1", "P1"].units == 100


def test_a_rating_within_the_level_is_told_too(work: FakeWork) -> None:
    hold(work)

    know_fund(work, sequence=2, issuer_level="R2", seller_level="R2")
    finish(work)

    (event,) = told(work)
    assert event.holdings[0].now.fit is Fit.MATCHES
    assert summaries(work) == [(1, 0)]


def test_terms_that_change_no_level_match_nobody_again(work: FakeWork) -> None:
    hold(work)

    know_fund(work, sequence=2, state="suspended")

    assert finish(work) == 0
    assert told(work) == []


def test_a_level_that_falls_is_told_at_once(work: FakeWork) -> None:
    hold(work)

    assess(work, NOON + timedelta(hours=1), wish="lowest", name="a-2")

    (event,) = told(work)
    assert (event.cause, event.holdings[0].now.fit) == (Cause.LEVEL, Fit.MISMATCH)


def test_the_same_level_again_is_told_to_nobody(work: FakeWork) -> None:
    hold(work)

    assess(work, NOON + DAY, name="a-2")

    assert told(work) == []
    assert fit(work) is Fit.MATCHES


def test_a_level_that_runs_out_leaves_no_opinion_and_is_told_once(work: FakeWork) -> None:
    hold(work)
    last_day, over = NOON + 365 * DAY, NOON + 366 * DAY

    rematch_expired(RematchExpired(at=last_day, institution=INSTITUTION), work)
    assert told(work) == []
    for _ in range(2):
        rematch_expired(RematchExpired(at=over, institution=INSTITUTION), work)

    (event,) = told(work)
    assert (event.cause, event.holdings[0].now.fit) == (Cause.EXPIRY, Fit.UNDETERMINED)

    assess(work, over, name="a-2")
    assert [event.cause for event in told(work)] == [Cause.EXPIRY, Cause.LEVEL]
    assert fit(work) is Fit.MATCHES


def test_batches_reach_every_holder_once(work: FakeWork) -> None:
    names = [another_holder(work, number) for number in range(7)]

    know_fund(work, sequence=2, issuer_level="R5")
    batches = finish(work, limit=3)

    assert batches == 3
    assert [event.customer_id for event in told(work)] == names
    assert summaries(work) == [(7, 7)]


def test_two_changes_in_a_row_are_told_as_what_they_lead_to(work: FakeWork) -> None:
    hold(work)
    know_fund(work, sequence=2, issuer_level="R4")
    know_fund(work, sequence=3, issuer_level="R5")

    finish(work)

    assert [event.holdings[0].now.product_level for event in told(work)] == ["R5"]


def test_what_was_sold_is_matched_no_more_and_a_late_event_does_not_bring_it_back(
    work: FakeWork,
) -> None:
    hold(work, sequence=1)
    hold(work, units="0", sequence=3)
    hold(work, units="50", sequence=2)

    know_fund(work, sequence=2, issuer_level="R5")
    finish(work)

    assert work.holdings.rows["c-1", "P1"].units == 0
    assert (told(work), summaries(work)) == ([], [])


def test_holdings_told_before_the_client_and_the_product_wait_for_both() -> None:
    work = FakeWork()
    hold(work)
    assert fit(work) is None

    know_customer(work)
    assert fit(work) is Fit.UNDETERMINED
    assess(work)
    know_fund(work)
    finish(work)

    assert fit(work) is Fit.MATCHES
    assert told(work) == []


def test_levels_do_not_bind_professionals(work: FakeWork) -> None:
    hold(work)
    know_fund(work, sequence=2, issuer_level="R5")
    finish(work)
    assert fit(work) is Fit.MISMATCH

    know_customer(work, sequence=2, financial_assets="5000000")

    assert fit(work) is Fit.MATCHES
    assert told(work)[-1].cause is Cause.FACTS


def test_a_bank_sees_a_mismatch_by_its_own_rule(work: FakeWork) -> None:
    bank = replace(INSTITUTION, licence="bank")
    know_fund(work, sequence=2, kind="bank_wealth", issuer_level="R4")
    command = KeepHoldings(
        customer_id="c-1", units={"P1": Decimal(1)}, sequence=1, at=NOON, institution=bank
    )

    keep_holdings(command, work)

    held = work.holdings.rows["c-1", "P1"].opinion
    assert held is not None
    assert (held.fit, held.rule_ids) == (Fit.MISMATCH, ("MAT-01",))


def test_what_is_told_has_its_messages(work: FakeWork) -> None:
    hold(work)
    know_fund(work, sequence=2, issuer_level="R4")
    finish(work)

    messages = [to_message(event) for event in (*told(work), *work.announced[-1:])]

    assert [message.DESCRIPTOR.name for message in messages] == [
        "HoldingsRematched",
        "HoldersRematched",
    ]
    assert messages[0].holdings[0].previous_fit == "matches"  # type: ignore[attr-defined]
