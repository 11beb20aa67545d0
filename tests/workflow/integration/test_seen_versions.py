"""A change of what the caller has seen, and of nothing newer."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from chassis.errors import Conflict, Invalid
from chassis.ids import new_id
from liheng.workflow.v1 import workflow_pb2 as pb
from tests.calling import refusal
from tests.workflow.integration.house import ADA, LEADER, House
from tests.workflow.integration.test_leads_rpc import assign, create


@pytest.fixture
def lead(house: House) -> pb.Lead:
    return assign(house, create(house).lead_id)


def contacting(lead: pb.Lead) -> pb.ContactLeadRequest:
    return pb.ContactLeadRequest(lead_id=lead.lead_id, contact_channel="phone")


def test_the_version_that_was_seen_is_changed(house: House, lead: pb.Lead) -> None:
    changed = house.call(ADA, contacting(lead), if_match=f"{lead.lead_id}:{lead.version}").lead

    assert changed.version == lead.version + 1


def test_a_newer_one_is_not(house: House, lead: pb.Lead) -> None:
    seen = f"{lead.lead_id}:{lead.version - 1}"

    refused = refusal(lambda: house.call(ADA, contacting(lead), if_match=seen))

    assert isinstance(refused, Conflict)
    assert refused.code == "changed_meanwhile"
    assert house.call(ADA, pb.GetLeadRequest(lead_id=lead.lead_id)).lead == lead


def test_of_many_who_saw_the_same_one_changes_it(house: House, lead: pb.Lead) -> None:
    seen = f"{lead.lead_id}:{lead.version}"

    def change(_: int) -> bool:
        try:
            house.call(ADA, contacting(lead), if_match=seen)
        except grpc.RpcError:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        changed = sum(pool.map(change, range(10)))

    assert changed == 1
    newest = house.call(ADA, pb.GetLeadRequest(lead_id=lead.lead_id)).lead
    assert newest.version == lead.version + 1


def test_a_condition_that_nobody_checks_is_refused(house: House) -> None:
    request = pb.CreateLeadRequest(
        lead_id=new_id(), customer_id="c-1", source="campaign", campaign="autumn"
    )

    refused = refusal(lambda: house.call(LEADER, request, if_match="c-1:1"))

    assert isinstance(refused, Invalid)
    assert refused.code == "precondition_unknown"


def test_the_next_call_on_the_same_thread_is_free_of_it(house: House, lead: pb.Lead) -> None:
    seen = f"{lead.lead_id}:{lead.version - 1}"
    for _ in range(20):
        refusal(lambda: house.call(ADA, contacting(lead), if_match=seen))

    assert house.call(ADA, contacting(lead)).lead.version == lead.version + 1
