"""What other services announce, and what it does to sales."""

import pytest

from chassis.errors import NotFound
from chassis.moments import stamp
from liheng.recording.v1.events_pb2 import RecordingSealed
from liheng.suitability.v1.events_pb2 import DecisionMade, DecisionStale, Obligation
from services.workflow.domain.sale_events import CoolingOffEnded, SaleMoved, SaleRefused
from services.workflow.domain.sale_states import SaleState
from tests.workflow.examples import DAY, NOON, TERMS, drafted, sale_in
from tests.workflow.unit.fakes import FakeWork
from tests.workflow.unit.listener import Listener, meta


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    work.sales.add(drafted())
    work.commit()
    return work


@pytest.fixture
def listener(work: FakeWork) -> Listener:
    return Listener(work)


def decision(outcome: str = "ALLOW", decision_id: str = "d-1", **other: str) -> DecisionMade:
    said = {
        "sale_id": "sale-1",
        "customer_id": "c-1",
        "product_id": "P1",
        "amount": "1200000",
        "channel": "branch",
        "initiated_by": "client",
    }
    return DecisionMade(
        decision_id=decision_id,
        outcome=outcome,
        requires=["reassessment"] if outcome == "REQUIRE" else [],
        obligations=[
            Obligation(name="cooling_off", rule_id="PF-04", parameters={"hours": "24"}),
            Obligation(name="recording", rule_id="REC-05"),
        ],
        rule_ids=["MAT-03", "PF-04"],
        valid_until=stamp(NOON + DAY),
        decided_by="s-ada",
        at=stamp(NOON),
        **(said | other),
    )


def sealing(recording_id: str = "r-1", sale_id: str = "sale-1") -> RecordingSealed:
    return RecordingSealed(
        recording_id=recording_id,
        sale_id=sale_id,
        customer_id="c-1",
        product_id="P1",
        sealed_by="s-ada",
        at=stamp(NOON),
    )


def staleness(decision_id: str = "d-1") -> DecisionStale:
    return DecisionStale(
        decision_id=decision_id,
        sale_id="sale-1",
        reason_en="the level changed",
        reason_zh="等级变化",
        at=stamp(NOON),
    )


def test_a_decision_and_a_recording_move_the_sale(listener: Listener, work: FakeWork) -> None:
    listener.events.decision_made(decision(), meta(1))
    listener.events.recording_sealed(sealing(), meta(2))

    assert work.announced == [SaleMoved(TERMS, "decided", NOON), SaleMoved(TERMS, "recorded", NOON)]
    kept = work.sales.get("sale-1")
    assert kept.decision is not None
    assert kept.decision.obligations[0].parameters == {"hours": "24"}
    assert kept.decision.valid_until == NOON + DAY


def test_a_recording_sealed_before_the_decision_is_not_lost(
    listener: Listener, work: FakeWork
) -> None:
    listener.events.recording_sealed(sealing(), meta(1))
    assert work.sales.get("sale-1").state is SaleState.DRAFTED

    listener.events.decision_made(decision(), meta(1, "e-decision"))
    assert work.sales.get("sale-1").state is SaleState.RECORDED


def test_a_decision_may_go_stale_before_it_arrives(listener: Listener, work: FakeWork) -> None:
    listener.events.decision_stale(staleness(), meta(2))
    listener.events.decision_made(decision(), meta(1))

    assert work.sales.get("sale-1").state is SaleState.DRAFTED


def test_the_same_event_twice_is_applied_once(listener: Listener, work: FakeWork) -> None:
    for _ in range(2):
        listener.events.decision_made(decision(), meta(1))

    assert work.announced == [SaleMoved(TERMS, "decided", NOON)]
    assert [change.what for change in work.sales.history["sale-1"]] == ["decision_made"]


def test_a_late_decision_does_not_overwrite_a_newer_one(listener: Listener, work: FakeWork) -> None:
    listener.events.decision_made(decision(decision_id="d-2"), meta(5))
    listener.events.decision_made(decision("REQUIRE", "d-1"), meta(4))

    kept = work.sales.get("sale-1")
    assert (kept.state, kept.decision and kept.decision.decision_id) == ("decided", "d-2")


def test_a_blocking_decision_refuses_the_sale(listener: Listener, work: FakeWork) -> None:
    listener.events.decision_made(decision("BLOCK"), meta())

    assert work.announced == [SaleRefused(TERMS, "d-1", ("MAT-03", "PF-04"), NOON)]


def test_trials_do_not_concern_sales(listener: Listener, work: FakeWork) -> None:
    listener.events.decision_made(decision(sale_id=""), meta(1))
    listener.events.decision_stale(DecisionStale(decision_id="d-1"), meta(2))

    assert work.announced == []


def test_a_recording_of_an_unknown_sale_is_not_swallowed(listener: Listener) -> None:
    with pytest.raises(NotFound):
        listener.events.recording_sealed(sealing(sale_id="sale-9"), meta())


def test_a_decision_may_name_a_sale_that_was_never_drafted(
    listener: Listener, work: FakeWork
) -> None:
    listener.events.decision_made(decision(sale_id="made-up"), meta(1))
    lost = DecisionStale(decision_id="d-1", sale_id="made-up", at=stamp(NOON))
    listener.events.decision_stale(lost, meta(2))

    assert work.announced == []


def test_the_timer_ends_cooling_offs_when_their_time_is_over(
    listener: Listener, work: FakeWork
) -> None:
    work.sales.add(sale_in(SaleState.COOLING_OFF, "sale-2"))
    work.commit()

    listener.now = NOON + DAY - (DAY / 86_400)
    listener.events.end_cooling_offs()
    assert work.announced == []

    listener.now = NOON + DAY
    for _ in range(2):
        listener.events.end_cooling_offs()
    terms = work.sales.get("sale-2").terms
    assert work.announced == [
        CoolingOffEnded(terms, NOON + DAY),
        SaleMoved(terms, "callback", NOON + DAY),
    ]
