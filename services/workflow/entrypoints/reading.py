"""Read callers' requests and other services' events."""

from datetime import datetime
from decimal import Decimal

from chassis.identity import Caller
from chassis.inputs import amount, choice, identifier, optional_text, text
from chassis.moments import moment
from chassis.scope import Scope, Share
from liheng.customer.v1.events_pb2 import AccessGranted
from liheng.suitability.v1.events_pb2 import DecisionMade
from liheng.workflow.v1 import workflow_pb2 as pb
from services.workflow.adapters.queries import LeadFilter, SaleFilter
from services.workflow.domain.actor import Actor
from services.workflow.domain.callback import Callback, CallbackMethod, CallbackOutcome
from services.workflow.domain.decision import Decision, Obligation, Outcome, SaleTerms
from services.workflow.domain.lead import LeadState
from services.workflow.domain.sale_states import SaleState


def actor(who: Caller, scope: Scope) -> Actor:
    return Actor(who.staff_id, who.roles, who.team_id, scope.granted)


def read_terms(request: pb.DraftSaleRequest, sale_id: str, who: Caller) -> SaleTerms:
    """Whoever asks is the adviser of the sale."""
    return SaleTerms(
        sale_id=sale_id,
        customer_id=identifier(request.customer_id, "customer_id"),
        product_id=identifier(request.product_id, "product_id"),
        adviser_id=who.staff_id,
        team_id=who.team_id,
        amount=amount(request.amount, "amount"),
    )


def read_callback(request: pb.RecordCallbackRequest, by: str, at: datetime) -> Callback:
    return Callback(
        outcome=choice(CallbackOutcome, request.outcome, "outcome"),
        method=choice(CallbackMethod, request.method, "method"),
        answers=dict(request.answers),
        reason=optional_text(request.reason, "reason", longest=1000),
        by=by,
        at=at,
    )


def read_disclosures(request: pb.SignSaleRequest) -> tuple[str, ...]:
    return tuple(text(item, "disclosures_confirmed") for item in request.disclosures_confirmed)


def read_lead_filter(request: pb.ListLeadsRequest) -> LeadFilter:
    return LeadFilter(
        state=choice(LeadState, request.state, "state") if request.state else "",
        adviser_id=request.adviser_id,
        team_id=request.team_id,
    )


def read_sale_filter(request: pb.ListSalesRequest) -> SaleFilter:
    return SaleFilter(
        state=choice(SaleState, request.state, "state") if request.state else "",
        adviser_id=request.adviser_id,
        team_id=request.team_id,
        customer_id=request.customer_id,
        product_id=request.product_id,
    )


def read_share(event: AccessGranted) -> Share:
    return Share(
        share_id=event.grant_id,
        staff_id=event.staff_id,
        subject_id=event.customer_id,
        owner_id=event.adviser_id,
        purpose=event.purpose,
        valid_from=moment(event.valid_from),
        valid_until=moment(event.valid_until),
    )


def read_decision(event: DecisionMade, sequence: int) -> Decision:
    return Decision(
        decision_id=event.decision_id,
        customer_id=event.customer_id,
        product_id=event.product_id,
        amount=Decimal(event.amount),
        channel=event.channel,
        initiated_by=event.initiated_by,
        outcome=Outcome(event.outcome),
        requires=tuple(event.requires),
        obligations=tuple(
            Obligation(owed.name, owed.rule_id, dict(owed.parameters)) for owed in event.obligations
        ),
        rule_ids=tuple(event.rule_ids),
        valid_until=moment(event.valid_until) if event.HasField("valid_until") else None,
        decided_by=event.decided_by,
        sequence=sequence,
    )
