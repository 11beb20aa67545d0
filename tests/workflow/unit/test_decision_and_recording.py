"""What a decision and a recording do to a sale, before it is signed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from chassis.errors import RuleBroken
from services.workflow.domain.actor import Actor, Adviser
from services.workflow.domain.decision import Obligation, Outcome
from services.workflow.domain.sale_events import (
    SaleDrafted,
    SaleMoved,
    SaleRefused,
)
from services.workflow.domain.sale_states import SaleState
from tests.workflow.examples import (
    ADA,
    BO,
    LEADER,
    NOON,
    OTHER_LEADER,
    TERMS,
    allowed,
    contract,
    decided,
    drafted,
    open_gates,
    sale_in,
    sealed,
    stale,
)


def test_a_draft_is_announced_and_waits_for_a_decision() -> None:
    sale = drafted()

    assert sale.draft(by=ADA) == SaleDrafted(TERMS, NOON)
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
    [
        {"customer_id": "c-2"},
        {"product_id": "P2"},
        {"amount": Decimal("1200000.01")},
        {"channel": "online"},
        {"initiated_by": "staff"},
    ],
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


def test_a_block_that_was_overtaken_still_closes_the_sale() -> None:
    sale = drafted()
    sale.take_decision(allowed("d-2", sequence=2), at=NOON)

    sale.take_decision(decided(Outcome.BLOCK, decision_id="d-1", sequence=1), at=NOON)

    assert sale.state is SaleState.REFUSED


def test_only_a_newer_recording_replaces_another() -> None:
    sale = sale_in(SaleState.DECIDED)

    for sequence in (2, 1, 3):
        sale.take_recording(sealed(f"r-{sequence}", sequence), at=NOON)

    assert sale.recording == sealed("r-3", 3)
    assert len(sale.changes) == 4


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


def test_a_cooling_off_without_a_length_is_refused_when_it_is_decided() -> None:
    endless = decided(Outcome.ALLOW, Obligation("cooling_off", "PF-04"))

    with pytest.raises(RuleBroken) as caught:
        drafted().take_decision(endless, at=NOON)

    assert (caught.value.code, caught.value.rule) == ("obligation_without_length", "PF-04")


def test_a_decision_that_does_not_say_how_long_it_holds_does_not_hold() -> None:
    sale = drafted()
    sale.take_decision(replace(decided(), valid_until=None), at=NOON)

    with pytest.raises(RuleBroken, match="expired"):
        sale.sign(contract(), by=ADA)


STRANGER = Actor("s-cai", frozenset({"adviser"}), "t-2")


@pytest.mark.parametrize("decider", [STRANGER, OTHER_LEADER, BO])
@pytest.mark.parametrize("outcome", [Outcome.ALLOW, Outcome.BLOCK])
def test_a_decision_that_a_stranger_asked_for_neither_opens_nor_closes_a_sale(
    decider: Actor, outcome: Outcome
) -> None:
    sale = drafted()

    assert sale.take_decision(decided(outcome), at=NOON, decider=decider) == []
    assert (sale.state, sale.changes[-1].what) == (SaleState.DRAFTED, "decision_by_a_stranger")


@pytest.mark.parametrize("decider", [ADA, LEADER, None])
def test_a_decision_counts_when_who_serves_the_client_asked_or_the_client_did(
    decider: Actor | None,
) -> None:
    sale = drafted()

    sale.take_decision(decided(Outcome.BLOCK), at=NOON, decider=decider)

    assert sale.state is SaleState.REFUSED


def test_a_decision_from_before_a_handover_counts_after_it() -> None:
    sale = drafted()
    sale.served_by = Adviser("s-cai", "t-2", "b-1")

    sale.take_decision(allowed(), at=NOON, decider=ADA)

    assert sale.state is SaleState.DECIDED
