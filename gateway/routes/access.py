"""/access-grants and /handovers: who may see and serve whose clients."""

from gateway.operation import Asked, Routes
from gateway.schemas import access as schemas
from gateway.schemas.shown import page_of
from gateway.sentences import Sentence
from liheng.customer.v1 import customer_pb2 as pb

access = Routes("customer")


@access.post(
    "/customers/{customer_id}/unmaskings",
    permission="customer.unmask",
    summary=Sentence("See personal data of a client in clear, for a purpose", "明文查看客户信息"),
    body=schemas.NewUnmasking,
    shows=schemas.Unmasked,
    status=201,
    example={"fields": ["phone"], "purpose": "contact", "note": "约定面谈时间"},
)
async def unmask_customer(asked: Asked) -> pb.UnmaskCustomerResponse:
    request = pb.UnmaskCustomerRequest(**asked.path, **asked.body)
    return await asked.call(asked.services.customer.UnmaskCustomer, request)


@access.post(
    "/access-grants",
    permission="access.grant",
    summary=Sentence("Open clients to a member of staff for a time", "临时授权"),
    body=schemas.NewAccessGrant,
    shows=schemas.AccessGrant,
    status=201,
    refusals=frozenset({404}),
    example={
        "staff_id": "s-zhengbo",
        "adviser_id": "s-wangjun",
        "purpose": "leave_cover",
        "valid_until": "2026-12-31T16:00:00Z",
    },
)
async def grant_access(asked: Asked) -> pb.AccessGrant:
    request = pb.GrantAccessRequest(**asked.body)
    return (await asked.call(asked.services.customer.GrantAccess, request)).grant


@access.get(
    "/access-grants",
    permission="access.read",
    summary=Sentence("List grants of access, newest first", "临时授权列表"),
    query=schemas.AccessGrantsAsked,
    shows=page_of(schemas.AccessGrant, "grants"),
)
async def list_access_grants(asked: Asked) -> pb.ListAccessGrantsResponse:
    request = pb.ListAccessGrantsRequest(**asked.query)
    return await asked.call(asked.services.customer.ListAccessGrants, request)


@access.post(
    "/access-grants/{grant_id}/endings",
    permission="access.grant",
    summary=Sentence("Take a grant of access back", "收回临时授权"),
    shows=schemas.AccessGrant,
    status=201,
)
async def end_access(asked: Asked) -> pb.AccessGrant:
    request = pb.EndAccessRequest(**asked.path)
    return (await asked.call(asked.services.customer.EndAccess, request)).grant


@access.post(
    "/handovers",
    permission="handover.make",
    summary=Sentence("Hand the clients of one adviser over to another one", "客户移交"),
    body=schemas.NewHandover,
    shows=schemas.Handover,
    status=202,
    location="/handovers/{handover_id}",
    refusals=frozenset({404}),
    example={
        "from_adviser_id": "s-wangjun",
        "to_adviser_id": "s-zhengbo",
        "reason": "leaves",
    },
)
async def make_handover(asked: Asked) -> pb.Handover:
    request = pb.MakeHandoverRequest(**asked.body)
    return (await asked.call(asked.services.customer.MakeHandover, request)).handover


@access.get(
    "/handovers/{handover_id}",
    permission="handover.read",
    summary=Sentence("How a handover is getting on", "客户移交进展"),
    shows=schemas.Handover,
)
async def get_handover(asked: Asked) -> pb.Handover:
    request = pb.GetHandoverRequest(**asked.path)
    return (await asked.call(asked.services.customer.GetHandover, request)).handover
