"""Access to clients: unmasking, grants for a time, handovers."""

from liheng.customer.v1 import customer_pb2 as pb
from tests.gateway.cases.case import NOON_SHOWN, NOON_STAMP, Case

GRANT = pb.AccessGrant(
    grant_id="g-1",
    staff_id="s-2",
    adviser_id="s-1",
    purpose="leave_cover",
    valid_from=NOON_STAMP,
    valid_until=NOON_STAMP,
    granted_by="s-leader",
    granted_at=NOON_STAMP,
    active=True,
)
HANDOVER = pb.Handover(
    handover_id="h-1",
    from_adviser_id="s-1",
    to_adviser_id="s-2",
    reason="leaves",
    started_by="s-leader",
    started_at=NOON_STAMP,
    state="running",
    customers=10_000,
    moved=500,
)

CASES = [
    Case(
        operation="unmask_customer",
        path="/customers/c-1/unmaskings",
        role="adviser",
        json={"fields": ["phone", "name"], "purpose": "contact", "note": "约定面谈"},
        rpc="UnmaskCustomer",
        request=pb.UnmaskCustomerRequest(
            customer_id="c-1", fields=["phone", "name"], purpose="contact", note="约定面谈"
        ),
        answer=pb.UnmaskCustomerResponse(phone="13800138000", name="王伟"),
        status=201,
        shows={"phone": "13800138000", "name": "王伟", "identity_number": None},
    ),
    Case(
        operation="grant_access",
        path="/access-grants",
        role="team_leader",
        json={
            "staff_id": "s-2",
            "adviser_id": "s-1",
            "purpose": "leave_cover",
            "valid_from": NOON_SHOWN,
            "valid_until": NOON_SHOWN,
        },
        rpc="GrantAccess",
        request=pb.GrantAccessRequest(
            staff_id="s-2",
            adviser_id="s-1",
            purpose="leave_cover",
            valid_from=NOON_STAMP,
            valid_until=NOON_STAMP,
        ),
        answer=pb.GrantAccessResponse(grant=GRANT),
        status=201,
        shows={"customer_id": None, "ended_at": None, "active": True},
    ),
    Case(
        operation="list_access_grants",
        path="/access-grants",
        role="auditor",
        query={"active": "true", "staff_id": "s-2", "limit": "5"},
        rpc="ListAccessGrants",
        request=pb.ListAccessGrantsRequest(active=True, staff_id="s-2", limit=5),
        answer=pb.ListAccessGrantsResponse(grants=[GRANT], next_cursor="x"),
        shows={"next": "x"},
    ),
    Case(
        operation="end_access",
        path="/access-grants/g-1/endings",
        role="compliance",
        rpc="EndAccess",
        request=pb.EndAccessRequest(grant_id="g-1"),
        answer=pb.EndAccessResponse(grant=GRANT),
        status=201,
    ),
    Case(
        operation="make_handover",
        path="/handovers",
        role="branch_manager",
        json={
            "from_adviser_id": "s-1",
            "to_adviser_id": "s-2",
            "customer_ids": ["c-1", "c-2"],
            "reason": "moves",
            "access_until": NOON_SHOWN,
        },
        rpc="MakeHandover",
        request=pb.MakeHandoverRequest(
            from_adviser_id="s-1",
            to_adviser_id="s-2",
            customer_ids=["c-1", "c-2"],
            reason="moves",
            access_until=NOON_STAMP,
        ),
        answer=pb.MakeHandoverResponse(handover=HANDOVER),
        status=202,
        location="/v1/handovers/h-1",
    ),
    Case(
        operation="get_handover",
        path="/handovers/h-1",
        role="operations",
        rpc="GetHandover",
        request=pb.GetHandoverRequest(handover_id="h-1"),
        answer=pb.GetHandoverResponse(handover=HANDOVER),
        shows={"state": "running", "moved": 500, "skipped": 0, "finished_at": None},
    ),
]
