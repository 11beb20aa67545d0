"""Money in, the cooling-off, and money out again."""

from decimal import Decimal

import pytest

from chassis.errors import Conflict, Forbidden, RuleBroken
from services.workflow.domain.actor import Actor
from services.workflow.domain.decision import Obligation
from services.workflow.domain.sale_events import (
    SaleMoved,
    SalePaid,
    SaleRescinded,
)
from services.workflow.domain.sale_states import SaleState
from tests.workflow.examples import (
    ADA,
    AUDITOR,
    BANK,
    BO,
    DAY,
    DESK,
    HOUR,
    LEADER,
    NOON,
    OPERATIONS,
    OTHER_LEADER,
    TERMS,
    paid,
    payment,
    sale_in,
)


def test_a_payment_begins_the_cooling_off() -> None:
    sale = sale_in(SaleState.SIGNED)

    caused = sale.pay(TERMS.amount, payment(), by=OPERATIONS)

    assert caused == [SalePaid(TERMS, NOON), SaleMoved(TERMS, "cooling_off", NOON)]
    assert sale.cooling_off_until == NOON + 24 * HOUR


def test_of_several_cooling_offs_the_longest_counts() -> None:
    sale = paid(
        Obligation("cooling_off", "PF-04", {"hours": "24"}),
        Obligation("cooling_off", "INS-07", {"days": "15"}),
    )

    assert sale.cooling_off_until == NOON + 15 * DAY


def test_without_a_cooling_off_the_callback_is_next() -> None:
    assert paid(Obligation("callback")).state is SaleState.CALLBACK


def test_without_cooling_off_and_callback_a_paid_sale_waits_for_its_shares() -> None:
    assert paid().state is SaleState.PAID


def test_after_a_cooling_off_without_a_callback_the_sale_waits_for_its_shares() -> None:
    sale = paid(Obligation("cooling_off", "PF-09", {"hours": "24"}))

    caused = sale.end_cooling_off(at=NOON + DAY)

    assert caused[-1] == SaleMoved(TERMS, "paid", NOON + DAY)


def test_paying_again_with_the_same_reference_changes_nothing() -> None:
    sale = sale_in(SaleState.COOLING_OFF)
    sale.changes.clear()

    assert sale.pay(TERMS.amount, payment(NOON + HOUR), by=OPERATIONS) == []
    assert sale.changes == []
    with pytest.raises(Conflict):
        sale.pay(TERMS.amount, payment(reference="PAY-2"), by=OPERATIONS)


@pytest.mark.parametrize("amount", ["1199999.99", "1200000.01", "12"])
def test_only_the_exact_amount_pays(amount: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        sale_in(SaleState.SIGNED).pay(Decimal(amount), payment(), by=OPERATIONS)

    assert caught.value.code == "amount_differs"


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (ADA, "payment_by_sales"),
        (LEADER, "payment_by_sales"),
        (Actor("s-both", frozenset({"operations", "adviser"})), "payment_by_sales"),
        (Actor("s-ada", frozenset({"operations"})), "payment_by_sales"),
        (DESK, "payment_needs_operations"),
    ],
)
def test_sales_staff_record_no_payments(by: Actor, code: str) -> None:
    with pytest.raises(Forbidden) as caught:
        sale_in(SaleState.SIGNED).pay(TERMS.amount, payment(), by=by)

    assert caught.value.code == code


def test_a_system_of_the_institution_may_record_a_payment() -> None:
    assert sale_in(SaleState.SIGNED).pay(TERMS.amount, payment(), by=BANK)


@pytest.mark.parametrize(
    ("state", "refund"),
    [
        (SaleState.DRAFTED, "0"),
        (SaleState.DECIDED, "0"),
        (SaleState.RECORDED, "0"),
        (SaleState.SIGNED, "0"),
        (SaleState.PAID, "1200000.00"),
        (SaleState.COOLING_OFF, "1200000.00"),
        (SaleState.CALLBACK, "1200000.00"),
    ],
)
def test_whatever_was_paid_goes_back_in_full(state: SaleState, refund: str) -> None:
    sale = sale_in(state)

    caused = sale.rescind("changed their mind", by=DESK, at=NOON)

    expected = SaleRescinded(TERMS, Decimal(refund), state, NOON)
    assert caused == [expected]
    assert sale.refund_amount == Decimal(refund)


@pytest.mark.parametrize("by", [ADA, LEADER, DESK, OPERATIONS])
def test_who_may_rescind_on_the_clients_word(by: Actor) -> None:
    sale = sale_in(SaleState.COOLING_OFF)

    sale.rescind("changed their mind", by=by, at=NOON)

    assert sale.state is SaleState.RESCINDED


@pytest.mark.parametrize("by", [BO, OTHER_LEADER, AUDITOR, BANK])
def test_who_may_not(by: Actor) -> None:
    with pytest.raises(Forbidden):
        sale_in(SaleState.COOLING_OFF).rescind("changed their mind", by=by, at=NOON)
