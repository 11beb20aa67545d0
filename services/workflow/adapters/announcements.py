"""Domain events in the words of proto/liheng/workflow/v1/events.proto.

What staff write, and account data, is not announced: every system reads the bus.
"""

from decimal import Decimal
from functools import singledispatch
from typing import TypedDict

from google.protobuf.message import Message

from chassis.moments import stamp
from liheng.workflow.v1 import events_pb2 as pb
from services.workflow.domain import lead_events, sale_events
from services.workflow.domain.decision import SaleTerms


class Head(TypedDict):
    sale_id: str
    customer_id: str
    product_id: str
    adviser_id: str
    team_id: str
    amount: str


def head(terms: SaleTerms) -> Head:
    """The fields that most events of a sale begin with."""
    return {
        "sale_id": terms.sale_id,
        "customer_id": terms.customer_id,
        "product_id": terms.product_id,
        "adviser_id": terms.adviser_id,
        "team_id": terms.team_id,
        "amount": money(terms.amount),
    }


def money(amount: Decimal) -> str:
    return f"{amount:.2f}" if amount else "0"


@singledispatch
def to_message(event: object) -> Message:
    raise TypeError(f"{type(event).__name__} is not announced")


@to_message.register
def _(event: lead_events.LeadCreated) -> Message:
    return pb.LeadCreated(
        lead_id=event.lead_id,
        customer_id=event.customer_id,
        source=event.source,
        campaign=event.campaign,
        at=stamp(event.at),
    )


@to_message.register
def _(event: lead_events.LeadAssigned) -> Message:
    return pb.LeadAssigned(
        lead_id=event.lead_id,
        customer_id=event.customer_id,
        adviser_id=event.adviser.staff_id,
        team_id=event.adviser.team_id,
        branch_id=event.adviser.branch_id,
        assigned_by=event.assigned_by,
        at=stamp(event.at),
    )


@to_message.register
def _(event: lead_events.LeadContacted) -> Message:
    return pb.LeadContacted(
        lead_id=event.lead_id,
        customer_id=event.customer_id,
        adviser_id=event.adviser.staff_id,
        team_id=event.adviser.team_id,
        branch_id=event.adviser.branch_id,
        contact_channel=event.channel,
        at=stamp(event.at),
    )


@to_message.register
def _(event: lead_events.LeadQualified) -> Message:
    return pb.LeadQualified(
        lead_id=event.lead_id,
        customer_id=event.customer_id,
        adviser_id=event.adviser.staff_id,
        team_id=event.adviser.team_id,
        branch_id=event.adviser.branch_id,
        at=stamp(event.at),
    )


@to_message.register
def _(event: lead_events.LeadDropped) -> Message:
    return pb.LeadDropped(
        lead_id=event.lead_id,
        customer_id=event.customer_id,
        adviser_id=event.adviser.staff_id,
        team_id=event.adviser.team_id,
        branch_id=event.adviser.branch_id,
        at=stamp(event.at),
    )


@to_message.register
def _(event: sale_events.SaleDrafted) -> Message:
    return pb.SaleDrafted(**head(event.terms), at=stamp(event.at))


@to_message.register
def _(event: sale_events.SaleMoved) -> Message:
    return pb.SaleMoved(**head(event.terms), state=event.state, at=stamp(event.at))


@to_message.register
def _(event: sale_events.SaleRefused) -> Message:
    return pb.SaleRefused(
        **head(event.terms),
        decision_id=event.decision_id,
        rule_ids=event.rule_ids,
        at=stamp(event.at),
    )


@to_message.register
def _(event: sale_events.SaleSigned) -> Message:
    return pb.SaleSigned(
        **head(event.terms),
        decision_id=event.decision_id,
        recording_id=event.recording_id,
        at=stamp(event.at),
    )


@to_message.register
def _(event: sale_events.SalePaid) -> Message:
    return pb.SalePaid(**head(event.terms), at=stamp(event.at))


@to_message.register
def _(event: sale_events.CoolingOffEnded) -> Message:
    return pb.CoolingOffEnded(
        sale_id=event.terms.sale_id, customer_id=event.terms.customer_id, at=stamp(event.at)
    )


@to_message.register
def _(event: sale_events.CallbackSucceeded) -> Message:
    return pb.CallbackSucceeded(
        sale_id=event.terms.sale_id,
        customer_id=event.terms.customer_id,
        called_by=event.called_by,
        at=stamp(event.at),
    )


@to_message.register
def _(event: sale_events.CallbackFailed) -> Message:
    return pb.CallbackFailed(
        sale_id=event.terms.sale_id,
        customer_id=event.terms.customer_id,
        called_by=event.called_by,
        at=stamp(event.at),
    )


@to_message.register
def _(event: sale_events.SaleConfirmed) -> Message:
    return pb.SaleConfirmed(
        **head(event.terms),
        units=f"{event.units:f}",
        nav=f"{event.nav:f}",
        confirmed_on=event.confirmed_on.isoformat(),
        at=stamp(event.at),
    )


@to_message.register
def _(event: sale_events.SaleRescinded) -> Message:
    return pb.SaleRescinded(
        **head(event.terms),
        refund_amount=money(event.refund_amount),
        from_state=event.from_state,
        at=stamp(event.at),
    )
