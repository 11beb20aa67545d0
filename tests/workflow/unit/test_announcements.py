from decimal import Decimal

import pytest

from chassis.envelope import subject_of
from chassis.moments import moment
from liheng.workflow.v1 import events_pb2 as pb
from services.workflow.adapters.announcements import to_message
from services.workflow.domain import lead_events, sale_events
from services.workflow.domain.actor import NOBODY
from services.workflow.usecases.ports import Announcement
from tests.workflow.examples import ADVISER, NOON, TERMS

ANNOUNCED_BY_THE_CHASSIS = {"TrailAnchored"}
# What staff write may name a client, a reference is account data: the bus is read by all.
WITHHELD = {"reason", "payment_reference"}

ALL: list[Announcement] = [
    lead_events.LeadCreated("l-1", "c-1", "campaign", "autumn", NOON),
    lead_events.LeadAssigned("l-1", "c-1", ADVISER, "s-leader", NOON),
    lead_events.LeadContacted("l-1", "c-1", ADVISER, "phone", NOON),
    lead_events.LeadQualified("l-1", "c-1", ADVISER, NOON),
    lead_events.LeadDropped("l-1", "c-1", NOBODY, NOON),
    sale_events.SaleDrafted(TERMS, NOON),
    sale_events.SaleMoved(TERMS, "decided", NOON),
    sale_events.SaleRefused(TERMS, "d-1", ("MAT-01",), NOON),
    sale_events.SaleSigned(TERMS, "d-1", "r-1", NOON),
    sale_events.SalePaid(TERMS, NOON),
    sale_events.CoolingOffEnded(TERMS, NOON),
    sale_events.CallbackSucceeded(TERMS, "s-desk", NOON),
    sale_events.CallbackFailed(TERMS, "s-desk", NOON),
    sale_events.SaleConfirmed(TERMS, Decimal("1E+6"), Decimal("1.2"), NOON.date(), NOON),
    sale_events.SaleRescinded(TERMS, TERMS.amount, "paid", NOON),
]


def test_every_event_of_the_contract_can_be_announced() -> None:
    told = {to_message(event).DESCRIPTOR.name for event in ALL}

    assert told | ANNOUNCED_BY_THE_CHASSIS == set(pb.DESCRIPTOR.message_types_by_name)


@pytest.mark.parametrize("event", ALL, ids=lambda event: type(event).__name__)
def test_an_announcement_is_complete_and_about_its_lead_or_sale(event: Announcement) -> None:
    message = to_message(event)

    assert subject_of(message) in ("l-1", "sale-1")
    assert moment(message.at) == NOON  # type: ignore[attr-defined]
    told = {each.name for each, _ in message.ListFields()}
    untold = set(message.DESCRIPTOR.fields_by_name) - told
    assert untold <= {"adviser_id", "team_id", "branch_id"} | WITHHELD
    assert told.isdisjoint(WITHHELD)


def test_amounts_are_plain_decimals() -> None:
    confirmed = to_message(ALL[-2])
    rescinded = to_message(ALL[-1])
    unpaid = to_message(sale_events.SaleRescinded(TERMS, Decimal(0), "signed", NOON))

    assert isinstance(confirmed, pb.SaleConfirmed)
    assert (confirmed.amount, confirmed.units, confirmed.nav) == ("1200000.00", "1000000", "1.2")
    assert isinstance(rescinded, pb.SaleRescinded)
    assert isinstance(unpaid, pb.SaleRescinded)
    assert (rescinded.refund_amount, unpaid.refund_amount) == ("1200000.00", "0")


def test_what_is_not_an_event_is_not_announced() -> None:
    with pytest.raises(TypeError, match="str is not announced"):
        to_message("SaleSigned")
