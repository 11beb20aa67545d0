from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Conflict, Forbidden, RuleBroken
from services.workflow.domain.actor import Actor
from services.workflow.domain.callback import ITEMS, CallbackMethod, CallbackOutcome
from services.workflow.domain.decision import Obligation, Outcome
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_events import (
    CallbackFailed,
    CallbackSucceeded,
    CoolingOffEnded,
    SaleConfirmed,
    SaleMoved,
)
from services.workflow.domain.sale_states import SaleState
from services.workflow.domain.settlement import Confirmation
from tests.workflow.examples import (
    ADA,
    BO,
    DAY,
    DESK,
    LEADER,
    MUCH_LATER,
    NOON,
    OPERATIONS,
    TERMS,
    call,
    confirmation,
    decided,
    sale_in,
)

TODAY = NOON.date()


def called_back() -> Sale:
    sale = sale_in(SaleState.CALLBACK)
    sale.record_callback(call(NOON + DAY), by=DESK)
    return sale


def confirm(sale: Sale, units: str = "1000000", nav: str = "1.2") -> None:
    sale.confirm(confirmation(units, nav), by=OPERATIONS, at=NOON + DAY, zone=UTC)


def test_a_callback_inside_the_cooling_off_is_too_early() -> None:
    with pytest.raises(RuleBroken) as caught:
        sale_in(SaleState.COOLING_OFF).record_callback(
            call(NOON + DAY - timedelta(microseconds=1)), by=DESK
        )

    assert (caught.value.code, caught.value.rule) == ("callback_too_early", "PF-05")


def test_the_clock_counts_not_whether_the_timer_has_fired() -> None:
    sale, over = sale_in(SaleState.COOLING_OFF), NOON + DAY

    caused = sale.record_callback(call(over), by=DESK)

    assert caused == [
        CoolingOffEnded(TERMS, over),
        SaleMoved(TERMS, "callback", over),
        CallbackSucceeded(TERMS, "s-desk", over),
    ]


@pytest.mark.parametrize("state", [SaleState.DRAFTED, SaleState.RECORDED, SaleState.SIGNED])
def test_a_callback_before_the_payment_does_not_count(state: SaleState) -> None:
    with pytest.raises(RuleBroken) as caught:
        sale_in(state).record_callback(call(NOON), by=DESK)

    assert (caught.value.code, caught.value.rule) == ("callback_before_payment", "PF-05")


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (ADA, "callback_by_sales"),
        (BO, "callback_by_sales"),
        (LEADER, "callback_by_sales"),
        (Actor("s-ada", frozenset({"service_desk"})), "callback_by_sales"),
        (Actor("s-x", frozenset({"service_desk", "adviser"})), "callback_by_sales"),
        (OPERATIONS, "callback_needs_service_desk"),
    ],
)
def test_only_the_service_desk_calls_back_and_never_sales_staff(by: Actor, code: str) -> None:
    with pytest.raises(Forbidden) as caught:
        sale_in(SaleState.CALLBACK).record_callback(call(MUCH_LATER), by=by)

    assert (caught.value.code, caught.value.rule) == (code, "PF-05")


@pytest.mark.parametrize("item", ITEMS)
@pytest.mark.parametrize("answer", ["no", None])
def test_a_success_has_a_yes_to_each_of_the_eight_items(item: str, answer: str | None) -> None:
    answers = dict.fromkeys(ITEMS, "yes")
    if answer is None:
        del answers[item]
    else:
        answers[item] = answer

    with pytest.raises(RuleBroken) as caught:
        sale_in(SaleState.CALLBACK).record_callback(
            replace(call(MUCH_LATER), answers=answers), by=DESK
        )

    assert caught.value.code == "callback_incomplete"
    assert item.replace("_", " ") in caught.value.en


@pytest.mark.parametrize("answers", [{"weather": "yes"}, {"identity": "maybe"}])
def test_only_the_items_are_answered_and_only_with_yes_or_no(answers: dict[str, str]) -> None:
    failed = replace(call(MUCH_LATER, CallbackOutcome.FAILED), answers=answers)

    with pytest.raises(RuleBroken) as caught:
        sale_in(SaleState.CALLBACK).record_callback(failed, by=DESK)

    assert caught.value.code == "callback_answers_unknown"


def test_the_decision_says_what_a_callback_asks() -> None:
    sale = sale_in(SaleState.CALLBACK)
    asked = Obligation("callback", "PF-08", {"items": "identity,knows_the_risks"})
    sale.decision = decided(Outcome.ALLOW, asked)

    with pytest.raises(RuleBroken) as caught:
        sale.record_callback(call(NOON + DAY), by=DESK)
    answers = {"identity": "yes", "knows_the_risks": "yes"}
    sale.record_callback(replace(call(NOON + DAY), answers=answers), by=DESK)

    assert caught.value.code == "callback_answers_unknown"
    assert sale.called_back


def test_a_failed_callback_is_kept_and_can_be_repeated() -> None:
    sale = sale_in(SaleState.CALLBACK)
    unreached = replace(call(NOON + DAY, CallbackOutcome.FAILED), answers={})

    caused = sale.record_callback(unreached, by=DESK)
    sale.record_callback(replace(call(MUCH_LATER), method=CallbackMethod.LETTER), by=DESK)

    assert caused == [CallbackFailed(TERMS, "s-desk", NOON + DAY)]
    assert [each.outcome for each in sale.callbacks] == ["failed", "succeeded"]


def test_a_failed_callback_says_why() -> None:
    silent = replace(call(MUCH_LATER, CallbackOutcome.FAILED), reason="")

    with pytest.raises(RuleBroken) as caught:
        sale_in(SaleState.CALLBACK).record_callback(silent, by=DESK)

    assert caught.value.field == "reason"


def test_a_callback_that_succeeded_is_not_repeated() -> None:
    with pytest.raises(Conflict) as caught:
        called_back().record_callback(call(MUCH_LATER), by=DESK)

    assert caught.value.code == "callback_succeeded_already"


def test_after_a_successful_callback_the_client_is_bound() -> None:
    with pytest.raises(RuleBroken) as caught:
        called_back().rescind("too late", by=DESK, at=MUCH_LATER)

    assert (caught.value.code, caught.value.rule) == ("rescission_too_late", "PF-06")


def test_after_a_failed_callback_the_client_may_still_rescind() -> None:
    sale = sale_in(SaleState.CALLBACK)
    sale.record_callback(call(NOON + DAY, CallbackOutcome.FAILED), by=DESK)

    sale.rescind("never wanted it", by=DESK, at=MUCH_LATER)

    assert sale.refund_amount == TERMS.amount


def test_shares_are_confirmed_after_the_callback() -> None:
    sale = called_back()

    caused = sale.confirm(confirmation(), by=OPERATIONS, at=NOON + DAY, zone=UTC)

    units, nav = Decimal("1000000"), Decimal("1.2")
    assert caused == [SaleConfirmed(TERMS, units, nav, TODAY, NOON + DAY)]
    assert sale.state is SaleState.CONFIRMED


@pytest.mark.parametrize("state", [SaleState.COOLING_OFF, SaleState.CALLBACK])
def test_shares_are_not_confirmed_before_the_callback(state: SaleState) -> None:
    with pytest.raises(RuleBroken, match="callback") as caught:
        confirm(sale_in(state))

    assert (caught.value.code, caught.value.rule) == ("sale_not_confirmable", "PF-05")


def test_inside_the_cooling_off_the_refusal_says_until_when() -> None:
    with pytest.raises(RuleBroken, match="runs until 2026-11-24T04:00:00") as caught:
        sale_in(SaleState.COOLING_OFF).confirm(confirmation(), by=OPERATIONS, at=NOON, zone=UTC)

    assert caught.value.rule == "PF-04"


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (ADA, "confirmation_by_sales"),
        (Actor("s-ada", frozenset({"operations"})), "confirmation_by_sales"),
        (DESK, "confirmation_needs_operations"),
    ],
)
def test_only_operations_confirm_shares(by: Actor, code: str) -> None:
    with pytest.raises(Forbidden) as caught:
        called_back().confirm(confirmation(), by=by, at=MUCH_LATER, zone=UTC)

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("units", "nav"),
    [("1000000", "1.2"), ("1000000.00", "1.20000001"), ("972053.46", "1.2345"), ("9448.82", "127")],
)
def test_units_may_be_rounded_to_the_hundredth(units: str, nav: str) -> None:
    sale = called_back()

    confirm(sale, units, nav)

    assert sale.state is SaleState.CONFIRMED


@pytest.mark.parametrize(
    ("units", "nav"),
    [
        ("1000000.02", "1.2"),
        ("999999.99", "1.2"),
        ("0", "1.2"),
        ("-1000000", "-1.2"),
        ("1", "1"),
        ("0.000001", "999999999999"),
    ],
)
def test_units_that_do_not_match_the_amount_are_refused(units: str, nav: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        confirm(called_back(), units, nav)

    assert caught.value.code == "units_do_not_match_amount"


def test_shares_are_not_confirmed_for_a_day_before_the_payment() -> None:
    early = Confirmation(Decimal("1000000"), Decimal("1.2"), TODAY - DAY)

    with pytest.raises(RuleBroken) as caught:
        called_back().confirm(early, by=OPERATIONS, at=NOON + DAY, zone=UTC)

    assert (caught.value.code, caught.value.field) == ("confirmed_before_payment", "confirmed_on")


def test_the_day_of_the_payment_is_that_of_the_institution() -> None:
    sale = called_back()

    sale.confirm(
        Confirmation(Decimal("1000000"), Decimal("1.2"), TODAY - DAY),
        by=OPERATIONS,
        at=NOON + DAY,
        zone=ZoneInfo("Pacific/Honolulu"),
    )

    assert sale.state is SaleState.CONFIRMED


def test_shares_are_not_confirmed_for_tomorrow() -> None:
    early = Confirmation(Decimal("1000000"), Decimal("1.2"), TODAY + 2 * DAY)

    with pytest.raises(RuleBroken) as caught:
        called_back().confirm(early, by=OPERATIONS, at=NOON + DAY, zone=UTC)

    assert caught.value.code == "confirmed_in_the_future"


@given(
    nav=st.decimals("0.0001", "1000", places=4),
    amount=st.decimals("0.01", "100000000", places=2),
)
def test_units_rounded_by_the_registrar_always_match(nav: Decimal, amount: Decimal) -> None:
    units = (amount / nav).quantize(Decimal("0.01"))

    if units > 0:
        Confirmation(units, nav, TODAY).check(amount, TODAY, TODAY)
