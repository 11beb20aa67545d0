"""Rehearsals; the file of cases has tests of its own."""

from liheng.suitability.v1 import packs_pb2 as pb
from tests.gateway.cases.case import NOON_STAMP, Case

REHEARSAL = pb.Rehearsal(
    rehearsal_id="r-1",
    pack_id="p-1",
    state="running",
    started_at=NOON_STAMP,
    decisions=7,
    pairs=3_000_000_000,
    tallies=[pb.RehearsalTally(part="live", turn="blocked", dimension="all", cases=2, money="9")],
)

CASES = [
    Case(
        operation="start_rehearsal",
        path="/rule-packs/p-1/rehearsals",
        role="compliance",
        json={"since": "2026-01-01"},
        rpc="StartRehearsal",
        request=pb.StartRehearsalRequest(pack_id="p-1", since="2026-01-01"),
        answer=pb.StartRehearsalResponse(rehearsal=REHEARSAL),
        status=202,
        location="/v1/rehearsals/r-1",
    ),
    Case(
        operation="list_rehearsals",
        path="/rule-packs/p-1/rehearsals",
        role="auditor",
        query={"limit": "3"},
        rpc="ListRehearsals",
        request=pb.ListRehearsalsRequest(pack_id="p-1", limit=3),
        answer=pb.ListRehearsalsResponse(rehearsals=[REHEARSAL]),
    ),
    Case(
        operation="get_rehearsal",
        path="/rehearsals/r-1",
        role="management",
        rpc="GetRehearsal",
        request=pb.GetRehearsalRequest(rehearsal_id="r-1"),
        answer=pb.GetRehearsalResponse(rehearsal=REHEARSAL),
        shows={"pairs": 3_000_000_000, "finished_at": None, "since": None},
    ),
    Case(
        operation="list_rehearsal_tallies",
        path="/rehearsals/r-1/tallies",
        role="compliance",
        query={"dimension": "adviser", "part": "live", "turn": "blocked"},
        rpc="ListRehearsalTallies",
        request=pb.ListRehearsalTalliesRequest(
            rehearsal_id="r-1", dimension="adviser", part="live", turn="blocked"
        ),
        answer=pb.ListRehearsalTalliesResponse(tallies=REHEARSAL.tallies, next_cursor="more"),
        shows={"next": "more"},
    ),
    Case(
        operation="list_rehearsal_cases",
        path="/rehearsals/r-1/cases",
        role="compliance",
        query={"rule_id": "OWN-01", "branch_id": "b-1"},
        rpc="ListRehearsalCases",
        request=pb.ListRehearsalCasesRequest(rehearsal_id="r-1", rule_id="OWN-01", branch_id="b-1"),
        answer=pb.ListRehearsalCasesResponse(
            cases=[pb.RehearsalCase(number=1, rules=["OWN-01"], customer_id="c-1")]
        ),
    ),
]
