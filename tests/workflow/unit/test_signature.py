"""What has to be true before a client signs."""

from datetime import timedelta

import pytest

from chassis.errors import Forbidden, RuleBroken
from services.workflow.domain.actor import Actor
from services.workflow.domain.decision import Obligation, Outcome
from services.workflow.domain.gates import Stage
from services.workflow.domain.sale_events import (
    SaleSigned,
)
from services.workflow.domain.sale_states import SaleState
from tests.workflow.examples import (
    ADA,
    AUDITOR,
    BO,
    DAY,
    DESK,
    LEADER,
    NOON,
    OPERATIONS,
    OTHER_LEADER,
    TERMS,
    contract,
    decided,
    drafted,
    open_gates,
    paid,
    sale_in,
)


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

    assert caught.value.code == "not_your_client"
