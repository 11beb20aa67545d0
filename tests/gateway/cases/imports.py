"""Imports; starting one is a stream and has tests of its own."""

from liheng.customer.v1 import customer_pb2 as pb
from tests.gateway.cases.case import NOON_SHOWN, NOON_STAMP, Case

APPLIED = pb.Import(
    import_id="i-1",
    state="applied",
    received_at=NOON_STAMP,
    result=pb.ImportResult(customers=1960, rejected_rows=40, aum="1.00"),
)

CASES = [
    Case(
        operation="list_imports",
        path="/imports",
        role="operations",
        query={"limit": "10"},
        rpc="ListImports",
        request=pb.ListImportsRequest(limit=10),
        answer=pb.ListImportsResponse(imports=[APPLIED, pb.Import(import_id="i-2")]),
    ),
    Case(
        operation="get_import",
        path="/imports/i-1",
        role="operations",
        rpc="GetImport",
        request=pb.GetImportRequest(import_id="i-1"),
        answer=pb.GetImportResponse(**{"import": APPLIED}),
        shows={"received_at": NOON_SHOWN, "finished_at": None, "reason_zh": None},
    ),
    Case(
        operation="list_rejections",
        path="/imports/i-1/rejections",
        role="operations",
        query={"severity": "rejected"},
        rpc="ListImportRejections",
        request=pb.ListImportRejectionsRequest(import_id="i-1", severity="rejected"),
        answer=pb.ListImportRejectionsResponse(
            rejections=[pb.ImportRejection(sheet="客户", row=7, code="bad_identity_number")]
        ),
    ),
]
