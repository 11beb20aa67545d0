"""Leads; entering one asks two services and has tests of its own."""

from liheng.workflow.v1 import workflow_pb2 as pb
from tests.gateway.cases.case import NOON_STAMP, Case

LEAD = pb.Lead(
    lead_id="l-1",
    customer_id="c-1",
    state="contacted",
    contacts=[pb.LeadContact(contact_channel="phone", by="s-1", at=NOON_STAMP)],
    version=2,
)

CASES = [
    Case(
        operation="list_leads",
        path="/leads",
        role="team_leader",
        query={"state": "new", "sort": "-created_at"},
        rpc="ListLeads",
        request=pb.ListLeadsRequest(state="new", sort="-created_at"),
        answer=pb.ListLeadsResponse(leads=[LEAD]),
    ),
    Case(
        operation="get_lead",
        path="/leads/l-1",
        role="adviser",
        rpc="GetLead",
        request=pb.GetLeadRequest(lead_id="l-1"),
        answer=pb.GetLeadResponse(lead=LEAD),
        shows={"state": "contacted", "dropped_reason": None},
    ),
    Case(
        operation="assign_lead",
        path="/leads/l-1/assignments",
        role="team_leader",
        json={"adviser_id": "s-1"},
        rpc="AssignLead",
        request=pb.AssignLeadRequest(lead_id="l-1", adviser_id="s-1"),
        answer=pb.AssignLeadResponse(lead=LEAD),
        status=201,
    ),
    Case(
        operation="contact_lead",
        path="/leads/l-1/contacts",
        role="adviser",
        json={"contact_channel": "phone", "note": "想了解固收\n下周面谈"},
        rpc="ContactLead",
        request=pb.ContactLeadRequest(
            lead_id="l-1", contact_channel="phone", note="想了解固收\n下周面谈"
        ),
        answer=pb.ContactLeadResponse(lead=LEAD),
        status=201,
    ),
    Case(
        operation="qualify_lead",
        path="/leads/l-1/qualifications",
        role="adviser",
        rpc="QualifyLead",
        request=pb.QualifyLeadRequest(lead_id="l-1"),
        answer=pb.QualifyLeadResponse(lead=LEAD),
        status=201,
    ),
    Case(
        operation="drop_lead",
        path="/leads/l-1/drops",
        role="adviser",
        json={"reason": "无意向"},
        rpc="DropLead",
        request=pb.DropLeadRequest(lead_id="l-1", reason="无意向"),
        answer=pb.DropLeadResponse(lead=LEAD),
        status=201,
    ),
]
