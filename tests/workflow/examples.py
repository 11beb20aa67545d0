"""Leads, sales and the people around them, for tests to start from."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from chassis.scope import Custody
from services.workflow.domain.actor import Actor, Adviser
from services.workflow.domain.callback import ITEMS, Callback, CallbackMethod, CallbackOutcome
from services.workflow.domain.decision import (
    Decision,
    Obligation,
    Outcome,
    SaleTerms,
    SealedRecording,
    Staleness,
)
from services.workflow.domain.lead import ContactChannel, Lead, LeadContact, LeadState
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_states import Channel, Initiator, SaleState
from services.workflow.domain.settlement import Confirmation, Contract, Payment

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)  # in Shanghai
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MUCH_LATER = NOON + 3 * DAY

ADA = Actor("s-ada", frozenset({"adviser"}), "t-1")
BO = Actor("s-bo", frozenset({"adviser"}), "t-1")
LEADER = Actor("s-leader", frozenset({"team_leader"}), "t-1")
OTHER_LEADER = Actor("s-other", frozenset({"team_leader"}), "t-2")
DESK = Actor("s-desk", frozenset({"service_desk"}))
OPERATIONS = Actor("s-ops", frozenset({"operations"}))
BANK = Actor("bank", frozenset({"system"}))
AUDITOR = Actor("s-audit", frozenset({"auditor"}))

ADVISER = Adviser("s-ada", "t-1", "b-1")
CUSTODY = Custody("s-ada", "t-1", "b-1")
TERMS = SaleTerms("sale-1", "c-1", "P1", "s-ada", "t-1", Decimal("1200000.00"))

PRIVATE_FUND = (
    Obligation("recording", "REC-05", {"video": "false"}),
    Obligation("disclosure", "DIS-02", {"items": "principal_loss, match_opinion"}),
    Obligation("cooling_off", "PF-04", {"hours": "24"}),
    Obligation("callback", "PF-05", {"after": "cooling_off"}),
)
DISCLOSED = ("principal_loss", "match_opinion")


def new_lead(state: LeadState = LeadState.NEW, adviser: Adviser = ADVISER) -> Lead:
    lead = Lead(
        lead_id="l-1",
        customer_id="c-1",
        source="campaign",
        campaign="autumn",
        registered_by="s-desk",
        created_at=NOON,
        updated_at=NOON,
        state=state,
    )
    if state is not LeadState.NEW:
        lead.adviser = adviser
    return lead


def phone_call(by: Actor = ADA) -> LeadContact:
    return LeadContact(ContactChannel.PHONE, "wants to know more", by.staff_id, NOON)


def decided(
    outcome: Outcome = Outcome.ALLOW,
    *obligations: Obligation,
    decision_id: str = "d-1",
    sequence: int = 1,
) -> Decision:
    return Decision(
        decision_id=decision_id,
        customer_id=TERMS.customer_id,
        product_id=TERMS.product_id,
        amount=TERMS.amount,
        channel="branch",
        initiated_by="client",
        outcome=outcome,
        requires=("reassessment",) if outcome is Outcome.REQUIRE else (),
        obligations=obligations,
        rule_ids=("MAT-03",),
        valid_until=NOON + DAY,
        decided_by="s-ada",
        sequence=sequence,
    )


def allowed(decision_id: str = "d-1", sequence: int = 1) -> Decision:
    return decided(Outcome.ALLOW, *PRIVATE_FUND, decision_id=decision_id, sequence=sequence)


def stale(decision_id: str = "d-1") -> Staleness:
    return Staleness(decision_id, "the rating changed", "产品评级变化", NOON)


def sealed(recording_id: str = "r-1", sequence: int = 1) -> SealedRecording:
    return SealedRecording(
        recording_id=recording_id,
        customer_id=TERMS.customer_id,
        product_id=TERMS.product_id,
        sealed_by="s-ada",
        sequence=sequence,
    )


def contract(at: datetime = NOON, items: tuple[str, ...] = DISCLOSED) -> Contract:
    return Contract("HT-1", items, at)


def payment(at: datetime = NOON, reference: str = "PAY-1") -> Payment:
    return Payment(reference, "s-ops", at)


def call(at: datetime, outcome: CallbackOutcome = CallbackOutcome.SUCCEEDED) -> Callback:
    return Callback(
        outcome=outcome,
        method=CallbackMethod.RECORDED_PHONE,
        answers=dict.fromkeys(ITEMS, "yes"),
        reason="" if outcome is CallbackOutcome.SUCCEEDED else "nobody answered",
        by="s-desk",
        at=at,
    )


def confirmation(units: str = "1000000", nav: str = "1.2") -> Confirmation:
    return Confirmation(Decimal(units), Decimal(nav), NOON.date())


def drafted(terms: SaleTerms = TERMS) -> Sale:
    return Sale(
        terms=terms,
        channel=Channel.BRANCH,
        initiated_by=Initiator.CLIENT,
        created_at=NOON,
        updated_at=NOON,
        served_by=ADVISER,
    )


def sale_in(state: SaleState, sale_id: str = "sale-1") -> Sale:
    """A sale of a private fund, brought to the state along the usual way."""
    sale = drafted(replace(TERMS, sale_id=sale_id))
    if state is SaleState.REFUSED:
        sale.take_decision(decided(Outcome.BLOCK), at=NOON)
    elif state is SaleState.PAID:
        _bring(sale, SaleState.PAID, decided())
    elif state is not SaleState.DRAFTED:
        _bring(sale, state, allowed())
    assert sale.state is state
    return sale


def _bring(sale: Sale, state: SaleState, decision: Decision) -> None:
    steps: dict[SaleState, Callable[[], object]] = {
        SaleState.DECIDED: lambda: sale.take_decision(decision, at=NOON),
        SaleState.RECORDED: lambda: sale.take_recording(sealed(), at=NOON),
        SaleState.SIGNED: lambda: sale.sign(contract(), by=ADA),
        SaleState.COOLING_OFF: lambda: sale.pay(TERMS.amount, payment(), by=OPERATIONS),
        SaleState.CALLBACK: lambda: sale.end_cooling_off(at=NOON + DAY),
        SaleState.CONFIRMED: lambda: _call_back_and_confirm(sale),
    }
    for step in steps.values():
        if sale.state is state:
            return
        if state is SaleState.RESCINDED and sale.state is SaleState.SIGNED:
            sale.rescind("changed their mind", by=ADA, at=NOON)
            return
        step()


def _call_back_and_confirm(sale: Sale) -> None:
    sale.record_callback(call(NOON + DAY), by=DESK)
    sale.confirm(confirmation(), by=OPERATIONS, at=NOON + DAY, zone=UTC)


def paid(*obligations: Obligation) -> Sale:
    """A sale under only these obligations, paid at noon."""
    sale = drafted()
    sale.take_decision(decided(Outcome.ALLOW, *obligations), at=NOON)
    sale.sign(contract(), by=ADA)
    sale.pay(TERMS.amount, payment(), by=OPERATIONS)
    return sale


def open_gates(sale: Sale) -> list[str]:
    return [gate.name for gate in sale.gates(NOON) if gate.missing]
