from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chassis.errors import Conflict, Forbidden, RuleBroken
from services.workflow.domain.actor import Actor
from services.workflow.domain.decision import Obligation, Outcome
from services.workflow.domain.gates import Stage
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_events import (
    SaleDrafted,
    SaleMoved,
    SalePaid,
    SaleRefused,
    SaleRescinded,
    SaleSigned,
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
    allowed,
    contract,
    decided,
    drafted,
    payment,
    sale_in,
    sealed,
    stale,
)


def open_gates(sale: Sale) -> list[str]:
    return [gate.name for gate in sale.gates(NOON) if gate.missing]


def paid(*obligations: Obligation) -> Sale:
    """A sale under only these obligations, paid at noon."""
    sale = drafted()
    sale.take_decision(decided(Outcome.ALLOW, *obligations), at=NOON)
    sale.sign(contract(), by=ADA)
    sale.pay(TERMS.amount, payment(), by=OPERATIONS)
    return sale


def test_a_draft_is_announced_and_waits_for_a_decision() -> None:
    sale = drafted()

    assert sale.draft(by="s-ada") == SaleDrafted(TERMS, NOON)
    assert open_gates(sale) == ["decision"]


def test_an_allowing_decision_opens_the_way_and_sets_up_the_gates() -> None:
    sale = drafted()

    assert sale.take_decision(allowed(), at=NOON) == [SaleMoved(TERMS, "decided", NOON)]
    assert open_gates(sale) == ["recording", "disclosure", "cooling_off", "callback"]


def test_a_requiring_decision_shows_what_is_missing() -> None:
    sale = drafted()

    assert sale.take_decision(decided(Outcome.REQUIRE), at=NOON) == []

    (gate,) = sale.gates(NOON)
    assert gate.missing is not None
    assert gate.missing.en == "first reassessment, then a new match decision"
    assert gate.missing.zh == "须先完成重新测评，再重新匹配"
    assert gate.rule_id == "MAT-03"


def test_a_blocking_decision_closes_the_sale_and_says_by_which_rules() -> None:
    sale = drafted()

    caused = sale.take_decision(decided(Outcome.BLOCK), at=NOON)

    assert caused == [SaleRefused(TERMS, "d-1", ("MAT-03",), NOON)]
    assert (sale.state, sale.closed_reason) == (SaleState.REFUSED, "MAT-03")


@pytest.mark.parametrize(
    "other",
    [{"customer_id": "c-2"}, {"product_id": "P2"}, {"amount": Decimal("1200000.01")}],
    ids=str,
)
@pytest.mark.parametrize("outcome", Outcome)
def test_a_decision_about_something_else_opens_nothing(
    outcome: Outcome, other: dict[str, object]
) -> None:
    sale = drafted()

    caused = sale.take_decision(replace(decided(outcome), **other), at=NOON)  # type: ignore[arg-type]

    assert (caused, sale.state, sale.decision) == ([], SaleState.DRAFTED, None)
    assert sale.changes[-1].what == "decision_of_another_sale"


@pytest.mark.parametrize("other", [{"customer_id": "c-2"}, {"product_id": "P2"}], ids=str)
def test_a_recording_of_something_else_opens_nothing(other: dict[str, str]) -> None:
    sale = sale_in(SaleState.DECIDED)

    sale.take_recording(replace(sealed(), **other), at=NOON)  # type: ignore[arg-type]

    assert (sale.state, sale.recording) == (SaleState.DECIDED, None)


def test_an_amount_written_differently_is_the_same_amount() -> None:
    sale = drafted()

    sale.take_decision(replace(allowed(), amount=Decimal("1200000")), at=NOON)

    assert sale.state is SaleState.DECIDED


@pytest.mark.parametrize(("sequence", "state"), [(1, "decided"), (3, "drafted")])
def test_only_a_newer_decision_replaces_another(sequence: int, state: str) -> None:
    sale = drafted()
    sale.take_decision(allowed("d-2", sequence=2), at=NOON)

    other = decided(Outcome.REQUIRE, decision_id="d-x", sequence=sequence)
    sale.take_decision(other, at=NOON)

    assert sale.state == state


def test_a_decision_that_goes_stale_opens_its_gate_again_with_the_reason() -> None:
    sale = sale_in(SaleState.RECORDED)

    assert sale.lose_decision(stale()) == [SaleMoved(TERMS, "drafted", NOON)]

    gate = sale.gates(NOON)[0]
    assert gate.missing is not None
    assert "the rating changed" in gate.missing.en
    assert "产品评级变化" in gate.missing.zh
    with pytest.raises(RuleBroken, match="the rating changed"):
        sale.sign(contract(), by=ADA)


def test_a_decision_after_a_stale_one_brings_the_sale_back_where_it_was() -> None:
    sale = sale_in(SaleState.RECORDED)
    sale.lose_decision(stale())

    caused = sale.take_decision(allowed("d-2", sequence=2), at=NOON)

    assert caused == [SaleMoved(TERMS, "recorded", NOON)]


def test_a_decision_that_is_stale_after_the_signature_is_only_noted() -> None:
    sale = sale_in(SaleState.COOLING_OFF)

    assert sale.lose_decision(stale()) == []
    assert sale.gates(NOON)[0].missing is None
    assert sale.changes[-1].what == "decision_stale_after_signature"


def test_a_cooling_off_without_a_length_is_refused_when_it_is_decided() -> None:
    endless = decided(Outcome.ALLOW, Obligation("cooling_off", "PF-04"))

    with pytest.raises(RuleBroken) as caught:
        drafted().take_decision(endless, at=NOON)

    assert (caught.value.code, caught.value.rule) == ("obligation_without_length", "PF-04")


def test_signing_names_every_gate_that_is_still_open() -> None:
    with pytest.raises(RuleBroken) as caught:
        sale_in(SaleState.DECIDED).sign(contract(items=()), by=ADA)

    refused = caught.value
    assert (refused.code, refused.rule) == ("sale_not_ready", "REC-05")
    assert "sealed dual recording" in refused.en
    assert "principal loss, match opinion" in refused.en
    assert "已封存双录" in refused.zh
    assert "可能损失本金、匹配意见" in refused.zh


def test_signing_without_a_decision_is_refused() -> None:
    with pytest.raises(RuleBroken, match="a match decision") as caught:
        drafted().sign(contract(), by=ADA)

    assert caught.value.code == "sale_not_ready"


def test_an_expired_decision_does_not_let_a_sale_be_signed() -> None:
    sale = sale_in(SaleState.RECORDED)

    with pytest.raises(RuleBroken, match="expired"):
        sale.sign(contract(NOON + DAY + timedelta(microseconds=1)), by=ADA)

    sale.sign(contract(NOON + DAY), by=ADA)
    assert sale.state is SaleState.SIGNED


def test_a_decision_that_does_not_say_how_long_it_holds_does_not_hold() -> None:
    sale = drafted()
    sale.take_decision(replace(decided(), valid_until=None), at=NOON)

    with pytest.raises(RuleBroken, match="expired"):
        sale.sign(contract(), by=ADA)


def test_what_workflow_cannot_see_for_itself_is_confirmed_at_the_signature() -> None:
    sale = drafted()
    sale.take_decision(decided(Outcome.ALLOW, Obligation("qualification_evidence")), at=NOON)

    with pytest.raises(RuleBroken, match="qualification evidence"):
        sale.sign(contract(items=("disclosure",)), by=ADA)

    sale.sign(contract(items=("qualification_evidence",)), by=ADA)
    assert sale.state is SaleState.SIGNED


def test_what_is_done_afterwards_is_shown_but_holds_nothing_up() -> None:
    sale = paid(Obligation("inspection", "REC-09"), Obligation("sample_callback", "PF-08"))

    assert open_gates(sale) == ["inspection", "sample_callback"]
    assert {gate.stage for gate in sale.gates(NOON)[1:]} == {Stage.NOTHING}


def test_a_sale_that_owes_no_recording_is_signed_without_one() -> None:
    sale = drafted()
    sale.take_decision(decided(), at=NOON)

    assert sale.sign(contract(), by=ADA) == [SaleSigned(TERMS, "d-1", "", NOON)]


@pytest.mark.parametrize("by", [ADA, LEADER])
def test_the_adviser_or_the_leader_of_the_team_signs_with_the_client(by: Actor) -> None:
    signed = sale_in(SaleState.RECORDED).sign(contract(), by=by)

    assert signed == [SaleSigned(TERMS, "d-1", "r-1", NOON)]


@pytest.mark.parametrize("by", [BO, OTHER_LEADER, DESK, OPERATIONS, AUDITOR])
def test_nobody_else_signs(by: Actor) -> None:
    with pytest.raises(Forbidden) as caught:
        sale_in(SaleState.RECORDED).sign(contract(), by=by)

    assert caught.value.code == "not_your_sale"


def test_a_payment_begins_the_cooling_off() -> None:
    sale = sale_in(SaleState.SIGNED)

    caused = sale.pay(TERMS.amount, payment(), by=OPERATIONS)

    assert caused == [SalePaid(TERMS, "PAY-1", NOON), SaleMoved(TERMS, "cooling_off", NOON)]
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

    expected = SaleRescinded(TERMS, Decimal(refund), "changed their mind", state, NOON)
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
