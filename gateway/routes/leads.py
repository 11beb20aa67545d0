"""/leads: people who may become clients."""

from gateway.operation import Asked, Routes
from gateway.schemas import leads as schemas
from gateway.schemas.shown import page_of
from gateway.sentences import Sentence
from liheng.customer.v1.customer_pb2 import RegisterProspectRequest
from liheng.workflow.v1 import workflow_pb2 as pb

leads = Routes("workflow")


@leads.post(
    "/leads",
    permission="lead.create",
    summary=Sentence("Enter a lead", "登记线索"),
    body=schemas.NewLead,
    shows=schemas.Lead,
    status=201,
    location="/leads/{lead_id}",
    example={"name": "林安达", "phone": "13800138000", "source": "referral"},
    bulk=True,
)
async def create_lead(asked: Asked) -> pb.Lead:
    """Who the person is stays with the customer service; the lead knows only their id."""
    customer_id, lead_id = asked.line.id_of("customer"), asked.line.id_of("lead")
    prospect = RegisterProspectRequest(customer_id=customer_id, lead_id=lead_id, **asked.body)
    await asked.call(asked.services.customer.RegisterProspect, prospect)
    request = pb.CreateLeadRequest(
        lead_id=lead_id,
        customer_id=customer_id,
        source=asked.body["source"],
        campaign=asked.body.get("campaign", ""),
    )
    return (await asked.call(asked.services.workflow.CreateLead, request)).lead


@leads.get(
    "/leads",
    permission="lead.read",
    summary=Sentence("List leads", "线索列表"),
    query=schemas.LeadsAsked,
    shows=page_of(schemas.Lead, "leads"),
)
async def list_leads(asked: Asked) -> pb.ListLeadsResponse:
    request = pb.ListLeadsRequest(**asked.query)
    return await asked.call(asked.services.workflow.ListLeads, request)


@leads.get(
    "/leads/{lead_id}",
    permission="lead.read",
    summary=Sentence("One lead", "线索详情"),
    shows=schemas.Lead,
)
async def get_lead(asked: Asked) -> pb.Lead:
    request = pb.GetLeadRequest(**asked.path)
    return (await asked.call(asked.services.workflow.GetLead, request)).lead


@leads.post(
    "/leads/{lead_id}/assignments",
    permission="lead.assign",
    summary=Sentence("Give a lead to an adviser", "分配线索"),
    body=schemas.Assignment,
    shows=schemas.Lead,
    status=201,
    bulk=True,
)
async def assign_lead(asked: Asked) -> pb.Lead:
    request = pb.AssignLeadRequest(**asked.path, **asked.body)
    return (await asked.call(asked.services.workflow.AssignLead, request)).lead


@leads.post(
    "/leads/{lead_id}/contacts",
    permission="lead.work",
    summary=Sentence("Note a contact", "记录跟进"),
    body=schemas.Contact,
    shows=schemas.Lead,
    status=201,
)
async def contact_lead(asked: Asked) -> pb.Lead:
    request = pb.ContactLeadRequest(**asked.path, **asked.body)
    return (await asked.call(asked.services.workflow.ContactLead, request)).lead


@leads.post(
    "/leads/{lead_id}/qualifications",
    permission="lead.work",
    summary=Sentence("The lead is worth serving", "线索转化"),
    shows=schemas.Lead,
    status=201,
)
async def qualify_lead(asked: Asked) -> pb.Lead:
    request = pb.QualifyLeadRequest(**asked.path)
    return (await asked.call(asked.services.workflow.QualifyLead, request)).lead


@leads.post(
    "/leads/{lead_id}/drops",
    permission="lead.work",
    summary=Sentence("Give a lead up", "放弃线索"),
    body=schemas.Drop,
    shows=schemas.Lead,
    status=201,
)
async def drop_lead(asked: Asked) -> pb.Lead:
    request = pb.DropLeadRequest(**asked.path, **asked.body)
    return (await asked.call(asked.services.workflow.DropLead, request)).lead
