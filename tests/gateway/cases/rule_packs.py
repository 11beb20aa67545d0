"""Rule packs."""

from liheng.suitability.v1 import packs_pb2 as pb
from tests.gateway.cases.case import NOON_STAMP, Case

SUMMARY = pb.RulePackSummary(
    pack_id="p-1",
    edition="own-2027-01",
    state="draft",
    effective_from="2027-01-01",
    drafted_by="s-1",
    drafted_at=NOON_STAMP,
    version=3,
)
PACK = pb.RulePack(
    pack_id="p-1",
    summary=SUMMARY,
    problems=1,
    parameters=[pb.PackParameter(name="special_care_age", value="60", zh="年龄", en="age")],
    sections=[
        pb.PackSection(
            section="matching",
            definitions=[pb.PackDefinition(name="high_risk", condition="True")],
            rules=[
                pb.PackRule(
                    rule_id="OWN-01",
                    enabled=True,
                    clauses=[pb.PackClause(when="True", verdict="BLOCK", requires=["x"])],
                )
            ],
        )
    ],
    regulations=[pb.PackRegulation(regulation="S1", in_force_from="2026-02-01")],
    changes=[pb.RulePackChange(number=1, by="s-1", at=NOON_STAMP, what=["rule_added OWN-01"])],
    makers=["s-1"],
)

CASES = [
    Case(
        operation="list_rule_packs",
        path="/rule-packs",
        role="management",
        query={"state": "draft", "limit": "5"},
        rpc="ListRulePacks",
        request=pb.ListRulePacksRequest(state="draft", limit=5),
        answer=pb.ListRulePacksResponse(packs=[SUMMARY], next_cursor="more"),
        shows={"next": "more"},
    ),
    Case(
        operation="get_rule_pack",
        path="/rule-packs/cn-2026-02",
        role="auditor",
        rpc="GetRulePack",
        request=pb.GetRulePackRequest(pack_id="cn-2026-02"),
        answer=pb.GetRulePackResponse(pack=PACK),
        shows={"rule_pack": None, "problems": 1, "makers": ["s-1"]},
    ),
    Case(
        operation="draft_rule_pack",
        path="/rule-packs",
        role="compliance",
        json={
            "edition": "own-2027-01",
            "effective_from": "2027-01-01",
            "parameters": {"special_care_age": 60, "nfra_licences": ["bank"]},
            "switches": {"CUS-11": True},
            "rules": [{"section": "matching", "rule": {"id": "OWN-01"}}],
            "removed_rules": ["MAT-07"],
            "reason": "年度复核",
        },
        rpc="DraftRulePack",
        request=pb.DraftRulePackRequest(
            edition="own-2027-01",
            effective_from="2027-01-01",
            edit=pb.PackEdit(
                parameters={"special_care_age": "60", "nfra_licences": '["bank"]'},
                switches={"CUS-11": True},
                rules=[pb.TakenRule(section="matching", rule_json='{"id":"OWN-01"}')],
                removed_rules=["MAT-07"],
            ),
            reason="年度复核",
        ),
        answer=pb.DraftRulePackResponse(pack=PACK),
        status=201,
        location="/v1/rule-packs/p-1",
    ),
    Case(
        operation="change_rule_pack",
        path="/rule-packs/p-1",
        role="compliance",
        json={"document": {"head": {}}, "follows": "own-2026-12+CUS-11"},
        headers={"If-Match": '"3"'},
        rpc="ChangeRulePack",
        request=pb.ChangeRulePackRequest(
            pack_id="p-1",
            follows="own-2026-12+CUS-11",
            edit=pb.PackEdit(document_json='{"head":{}}'),
        ),
        answer=pb.ChangeRulePackResponse(pack=PACK),
    ),
    Case(
        operation="discard_rule_pack",
        path="/rule-packs/p-1",
        role="compliance",
        rpc="DiscardRulePack",
        request=pb.DiscardRulePackRequest(pack_id="p-1"),
        answer=pb.DiscardRulePackResponse(),
        status=204,
    ),
    Case(
        operation="release_rule_pack",
        path="/rule-packs/p-1/releases",
        role="compliance",
        json={},
        rpc="ReleaseRulePack",
        request=pb.ReleaseRulePackRequest(pack_id="p-1"),
        answer=pb.ReleaseRulePackResponse(pack=PACK),
        status=201,
    ),
    Case(
        operation="list_rule_pack_differences",
        path="/rule-packs/p-1/differences",
        role="compliance",
        query={"against": "cn-2026-02"},
        rpc="ListRulePackDifferences",
        request=pb.ListRulePackDifferencesRequest(pack_id="p-1", against="cn-2026-02"),
        answer=pb.ListRulePackDifferencesResponse(
            against="cn-2026-02",
            differences=[pb.PackDifference(kind="parameter", name="a", before="1", after="2")],
        ),
    ),
    Case(
        operation="list_rule_pack_problems",
        path="/rule-packs/p-1/problems",
        role="compliance",
        rpc="ListRulePackProblems",
        request=pb.ListRulePackProblemsRequest(pack_id="p-1"),
        answer=pb.ListRulePackProblemsResponse(
            problems=[pb.PackProblem(where="matching.OWN-01.scope", zh="错", en="wrong")]
        ),
    ),
    Case(
        operation="export_rule_pack",
        path="/rule-packs/p-1/export",
        role="auditor",
        rpc="GetRulePackExport",
        request=pb.GetRulePackExportRequest(pack_id="p-1"),
        answer=pb.GetRulePackExportResponse(edition="own-2027-01", digest="ab", pack_json="{}"),
        shows={"pack_json": "{}"},
    ),
]
