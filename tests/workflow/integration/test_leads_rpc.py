"""Leads over gRPC on the real database."""

from collections.abc import Callable

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, RuleBroken
from chassis.identity import Caller
from chassis.ids import new_id
from chassis.moments import stamp
from liheng.customer.v1.events_pb2 import ProspectRegistered
from liheng.workflow.v1 import workflow_pb2 as pb
from tests.calling import refusal
from tests.workflow.examples import NOON
from tests.workflow.integration.house import ADA, BO, LEADER, MANAGER, OPERATIONS, House


def create(house: House, lead_id: str = "", customer_id: str = "c-1") -> pb.Lead:
    request = pb.CreateLeadRequest(
        lead_id=lead_id or new_id(),
        customer_id=customer_id,
        source="campaign",
        campaign="autumn",
    )
    lead: pb.Lead = house.call(LEADER, request).lead
    return lead


def assign(house: House, lead_id: str, adviser_id: str = "s-ada") -> pb.Lead:
    request = pb.AssignLeadRequest(lead_id=lead_id, adviser_id=adviser_id)
    lead: pb.Lead = house.call(LEADER, request).lead
    return lead


def contact(house: House, lead_id: str, who: Caller = ADA) -> pb.Lead:
    request = pb.ContactLeadRequest(lead_id=lead_id, contact_channel="phone", note="keen")
    lead: pb.Lead = house.call(who, request).lead
    return lead


def test_a_lead_is_assigned_contacted_and_qualified(house: House) -> None:
    lead_id = create(house).lead_id

    assigned = assign(house, lead_id)
    contacted = contact(house, lead_id)
    qualified = house.call(ADA, pb.QualifyLeadRequest(lead_id=lead_id)).lead

    assert (assigned.adviser_id, assigned.team_id) == ("s-ada", "t-1")
    assert [(each.contact_channel, each.by) for each in contacted.contacts] == [("phone", "s-ada")]
    assert (qualified.state, qualified.version) == ("qualified", 4)
    assert house.call(ADA, pb.GetLeadRequest(lead_id=lead_id)).lead == qualified
    assert house.announced(lead_id) == [
        "LeadCreated",
        "LeadAssigned",
        "LeadContacted",
        "LeadQualified",
    ]


@pytest.mark.parametrize("event_first", [True, False])
def test_creating_twice_by_call_and_event_creates_once(house: House, event_first: bool) -> None:
    lead_id = new_id()
    registered = ProspectRegistered(
        customer_id="c-1", lead_id=lead_id, source="campaign", campaign="autumn", at=stamp(NOON)
    )

    if event_first:
        house.events.prospect_registered(registered, house.told())
    created, again = create(house, lead_id), create(house, lead_id)
    house.events.prospect_registered(registered, house.told())

    assert created == again
    assert house.announced(lead_id) == ["LeadCreated"]
    assert isinstance(refusal(lambda: create(house, lead_id, "c-2")), Conflict)


def test_a_dropped_lead_says_why(house: House) -> None:
    lead_id = create(house).lead_id

    request = pb.DropLeadRequest(lead_id=lead_id, reason="moved away")
    dropped = house.call(OPERATIONS, request).lead

    assert (dropped.state, dropped.dropped_reason) == ("dropped", "moved away")


def test_only_the_adviser_in_charge_or_the_team_leader_gets_in_touch(house: House) -> None:
    lead_id = create(house).lead_id
    assign(house, lead_id)

    assert isinstance(refusal(lambda: contact(house, lead_id, BO)), NotFound)
    assert isinstance(refusal(lambda: contact(house, lead_id, MANAGER)), Forbidden)
    assert contact(house, lead_id, LEADER).state == "contacted"


def test_lists_are_paged_and_filtered(house: House) -> None:
    ids = [create(house).lead_id for _ in range(3)]
    for lead_id in ids:
        assign(house, lead_id)
    request = pb.ListLeadsRequest(limit=2, state="assigned", adviser_id="s-ada", team_id="t-1")

    first = house.call(ADA, request)
    request.cursor = first.next_cursor
    second = house.call(ADA, request)

    found = [lead.lead_id for answer in (first, second) for lead in answer.leads]
    assert found[:3] == sorted(ids, reverse=True)


BAD: list[tuple[Callable[[House], object], type[Refusal], str]] = [
    (lambda h: h.call(ADA, pb.GetLeadRequest(lead_id="l-nobody")), NotFound, ""),
    (lambda h: h.call(ADA, pb.CreateLeadRequest(lead_id="l-1")), Invalid, "customer_id"),
    (lambda h: assign(h, create(h).lead_id, "s-nobody"), RuleBroken, "adviser_id"),
    (lambda h: assign(h, create(h).lead_id, "s-leader"), RuleBroken, "adviser_id"),
    (lambda h: h.call(ADA, pb.ContactLeadRequest(lead_id="l-1")), Invalid, "contact_channel"),
    (lambda h: h.call(ADA, pb.DropLeadRequest(lead_id="l-1", reason=" ")), Invalid, "reason"),
    (lambda h: h.call(ADA, pb.ListLeadsRequest(state="hot")), Invalid, "state"),
    (lambda h: h.call(ADA, pb.ListLeadsRequest(sort="-colour")), Invalid, "sort"),
]


@pytest.mark.parametrize(("call", "kind", "field"), BAD)
def test_bad_input_is_refused_by_field(
    house: House, call: Callable[[House], object], kind: type[Refusal], field: str
) -> None:
    refused = refusal(lambda: call(house))

    assert (type(refused), refused.field) == (kind, field)
