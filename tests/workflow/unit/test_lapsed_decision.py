"""A decision that lapses between the signature and the payment: no money is taken on it."""

from datetime import timedelta

import pytest

from chassis.errors import Conflict, Refusal, RuleBroken
from services.workflow.domain.decision import Outcome
from services.workflow.domain.sale_events import SaleMoved
from services.workflow.domain.sale_states import SaleState
from tests.workflow.examples import (
    ADA,
    DAY,
    NOON,
    OPERATIONS,
    TERMS,
    allowed,
    contract,
    decided,
    payment,
    sale_in,
    stale,
)


def test_a_decision_that_is_stale_after_the_payment_is_only_noted() -> None:
    sale = sale_in(SaleState.COOLING_OFF)

    assert sale.lose_decision(stale()) == []
    assert sale.gates(NOON)[0].missing is None
    assert sale.changes[-1].what == "decision_stale_after_payment"


def test_a_signature_falls_with_its_decision_and_no_money_is_taken() -> None:
    sale = sale_in(SaleState.SIGNED)

    assert sale.lose_decision(stale()) == [SaleMoved(TERMS, "drafted", NOON)]

    assert sale.contract is None
    assert [change.what for change in sale.changes[-2:]] == ["signature_lapsed", "decision_stale"]
    assert sale.changes[-2].details == {"contract_number": "HT-1"}
    with pytest.raises(RuleBroken, match="the rating changed") as caught:
        sale.pay(TERMS.amount, payment(), by=OPERATIONS)
    assert caught.value.code == "decision_lapsed"
    assert "产品评级变化" in caught.value.zh
    assert sale.payment is None


def test_after_a_lapse_the_client_is_decided_again_signs_again_and_pays() -> None:
    sale = sale_in(SaleState.SIGNED)
    sale.lose_decision(stale())

    sale.take_decision(allowed("d-2", sequence=2), at=NOON)
    with pytest.raises(Conflict):
        sale.pay(TERMS.amount, payment(), by=OPERATIONS)
    sale.sign(contract(), by=ADA)
    sale.pay(TERMS.amount, payment(), by=OPERATIONS)

    assert sale.state is SaleState.COOLING_OFF


def test_after_a_lapse_a_decision_that_blocks_closes_the_sale_unpaid() -> None:
    sale = sale_in(SaleState.SIGNED)
    sale.lose_decision(stale())

    sale.take_decision(decided(Outcome.BLOCK, decision_id="d-2", sequence=2), at=NOON)

    assert sale.state is SaleState.REFUSED
    with pytest.raises(Refusal):
        sale.pay(TERMS.amount, payment(), by=OPERATIONS)


def test_a_decision_that_blocks_closes_a_signed_sale_that_is_not_paid() -> None:
    sale = sale_in(SaleState.SIGNED)

    sale.take_decision(decided(Outcome.BLOCK, decision_id="d-2", sequence=2), at=NOON)

    assert (sale.state, sale.payment) == (SaleState.REFUSED, None)
    assert sale.contract == contract()


def test_a_signed_sale_keeps_its_signature_when_another_decision_goes_stale() -> None:
    sale = sale_in(SaleState.SIGNED)

    assert sale.lose_decision(stale("d-0")) == []

    assert (sale.state, sale.contract) == (SaleState.SIGNED, contract())
    assert sale.pay(TERMS.amount, payment(), by=OPERATIONS)


def test_a_decision_holds_for_the_payment_until_the_last_moment_and_not_longer() -> None:
    late = NOON + DAY + timedelta(microseconds=1)
    in_time, too_late = sale_in(SaleState.SIGNED), sale_in(SaleState.SIGNED)

    assert in_time.pay(TERMS.amount, payment(NOON + DAY), by=OPERATIONS)
    with pytest.raises(RuleBroken, match="expired") as caught:
        too_late.pay(TERMS.amount, payment(late), by=OPERATIONS)

    assert caught.value.code == "decision_lapsed"
    assert too_late.gates(late)[0].missing is not None


def test_a_new_decision_renews_a_signed_sale_only_when_its_own_has_expired() -> None:
    still_valid, expired = sale_in(SaleState.SIGNED), sale_in(SaleState.SIGNED)
    again = allowed("d-2", sequence=2)

    still_valid.take_decision(again, at=NOON + DAY)
    expired.take_decision(again, at=NOON + 2 * DAY)

    assert (still_valid.state, still_valid.changes[-1].what) == (
        "signed",
        "decision_after_signature",
    )
    assert (expired.state, expired.contract) == (SaleState.RECORDED, None)
    assert expired.decision == again
