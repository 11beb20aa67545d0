"""Who sees which leads, and who works on them, over gRPC on the real database."""

from collections.abc import Callable

import pytest
from google.protobuf.message import Message

from chassis.errors import NotFound
from chassis.identity import Caller
from chassis.ids import new_id
from liheng.workflow.v1 import workflow_pb2 as pb
from tests.calling import refusal
from tests.workflow.integration.house import (
    ADA,
    ADMINISTRATOR,
    AUDITOR,
    BO,
    CAI,
    LEADER,
    MANAGER,
    OTHER_LEADER,
    OTHER_MANAGER,
    House,
    name,
)


def new_lead(house: House, who: Caller, customer_id: str = "") -> str:
    request = pb.CreateLeadRequest(
        lead_id=new_id(), customer_id=customer_id or new_id(), source="referral"
    )
    lead_id: str = house.call(who, request).lead.lead_id
    return lead_id


def assign(house: House, lead_id: str, adviser: Caller, who: Caller = LEADER) -> None:
    house.call(who, pb.AssignLeadRequest(lead_id=lead_id, adviser_id=adviser.staff_id))


def sees_lead(house: House, who: Caller, lead_id: str) -> bool:
    """The same in the list and for the one."""
    listed, cursor, begun = False, "", False
    while cursor or not begun:
        answer = house.call(who, pb.ListLeadsRequest(limit=200, cursor=cursor))
        listed = listed or any(lead.lead_id == lead_id for lead in answer.leads)
        cursor, begun = answer.next_cursor, True
    if listed:
        assert house.call(who, pb.GetLeadRequest(lead_id=lead_id)).lead.lead_id == lead_id
    else:
        refused = refusal(lambda: house.call(who, pb.GetLeadRequest(lead_id=lead_id)))
        assert refused.code == "no_such_lead"
    return listed


EVERYBODY = [ADA, BO, CAI, LEADER, OTHER_LEADER, MANAGER, OTHER_MANAGER, AUDITOR, ADMINISTRATOR]


def seers_of(house: House, lead_id: str) -> list[str]:
    return [who.staff_id for who in EVERYBODY if sees_lead(house, who, lead_id)]


def test_a_lead_that_nobody_has_is_seen_from_the_team_upward_and_by_who_registered_it(
    house: House,
) -> None:
    lead_id = new_lead(house, BO)

    assert seers_of(house, lead_id) == [
        "s-bo",
        "s-leader",
        "s-other",
        "s-manager",
        "s-far",
        "s-audit",
    ]


def test_once_assigned_a_lead_is_seen_by_who_has_it_and_above(house: House) -> None:
    lead_id = new_lead(house, BO)

    assign(house, lead_id, ADA)

    assert seers_of(house, lead_id) == ["s-ada", "s-leader", "s-manager", "s-audit"]


def test_a_lead_goes_with_the_client_to_another_adviser(house: House, client: str) -> None:
    lead_id = new_lead(house, LEADER, client)
    assign(house, lead_id, ADA)

    house.hand_over(client, CAI)

    assert seers_of(house, lead_id) == ["s-cai", "s-other", "s-manager", "s-audit"]
    contact = pb.ContactLeadRequest(lead_id=lead_id, contact_channel="visit")
    assert house.call(CAI, contact).lead.state == "contacted"


@pytest.mark.parametrize(
    "write",
    [
        lambda lead_id: pb.AssignLeadRequest(lead_id=lead_id, adviser_id="s-cai"),
        lambda lead_id: pb.ContactLeadRequest(lead_id=lead_id, contact_channel="phone"),
        lambda lead_id: pb.QualifyLeadRequest(lead_id=lead_id),
        lambda lead_id: pb.DropLeadRequest(lead_id=lead_id, reason="why not"),
    ],
    ids=lambda write: type(write("x")).__name__,
)
@pytest.mark.parametrize("who", [BO, CAI, OTHER_LEADER, OTHER_MANAGER, ADMINISTRATOR], ids=name)
def test_nobody_works_on_a_lead_they_do_not_see(
    house: House, who: Caller, write: Callable[[str], Message]
) -> None:
    lead_id = new_lead(house, LEADER)
    assign(house, lead_id, ADA)

    hidden = refusal(lambda: house.call(who, write(lead_id)))
    unknown = refusal(lambda: house.call(who, write(new_id())))

    assert isinstance(hidden, NotFound)
    assert vars(hidden) == vars(unknown)
