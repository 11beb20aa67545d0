"""Customer class."""

from liheng.suitability.v1 import classes_pb2 as pb
from tests.gateway.cases.case import NOON_SHOWN, NOON_STAMP, Case

APPLICATION = pb.ClassApplication(
    application_id="ca-1",
    customer_id="c-1",
    wanted="professional",
    state="open",
    applied_on="2026-11-20",
    entered_by="s-1",
    entered_through="staff",
    entered_at=NOON_STAMP,
)
EVIDENCE = {
    "applied_on": "2026-11-20",
    "risk_statement_on": "2026-11-20",
    "means_evidence_on": "2026-11-19",
    "tested_on": "2026-11-20",
    "duties_explained_on": "2026-11-20",
}

CASES = [
    Case(
        operation="list_class_applications",
        path="/customers/c-1/class-applications",
        role="adviser",
        rpc="ListClassApplications",
        request=pb.ListClassApplicationsRequest(customer_id="c-1"),
        answer=pb.ListClassApplicationsResponse(
            applications=[APPLICATION], elected_class="ordinary"
        ),
        shows={"elected_class": "ordinary"},
    ),
    Case(
        operation="apply_for_class",
        path="/customers/c-1/class-applications",
        role="adviser",
        json={"wanted": "professional", **EVIDENCE},
        rpc="ApplyForClass",
        request=pb.ApplyForClassRequest(customer_id="c-1", wanted="professional", **EVIDENCE),
        answer=pb.ApplyForClassResponse(application=APPLICATION),
        status=201,
        shows={"state": "open", "decided_by": None, "entered_at": NOON_SHOWN},
    ),
    Case(
        operation="decide_class_application",
        path="/class-applications/ca-1/decisions",
        role="compliance",
        json={"verdict": "refused", "reason": "test_not_passed"},
        rpc="DecideClassApplication",
        request=pb.DecideClassApplicationRequest(
            application_id="ca-1", verdict="refused", reason="test_not_passed"
        ),
        answer=pb.DecideClassApplicationResponse(application=APPLICATION),
        status=201,
    ),
]
