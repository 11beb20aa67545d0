"""/rule-packs: drafted by one person, released by another, and in force from their day on."""

from typing import Any

import orjson

from gateway.operation import Asked, Routes, Values
from gateway.schemas import rule_packs as schemas
from gateway.schemas.shown import all_of, page_of
from gateway.sentences import Sentence
from liheng.suitability.v1 import packs_pb2 as pb

rule_packs = Routes("suitability")


@rule_packs.get(
    "/rule-packs",
    permission="rule_pack.read",
    summary=Sentence("List rule packs, the latest effective day first", "规则包列表"),
    query=schemas.RulePacksAsked,
    shows=page_of(schemas.RulePackSummary, "packs"),
)
async def list_rule_packs(asked: Asked) -> pb.ListRulePacksResponse:
    request = pb.ListRulePacksRequest(**asked.query)
    return await asked.call(asked.services.rule_packs.ListRulePacks, request)


@rule_packs.post(
    "/rule-packs",
    permission="rule_pack.draft",
    summary=Sentence("Draft a rule pack", "起草规则包"),
    body=schemas.RulePackDrafted,
    shows=schemas.RulePack,
    status=201,
    location="/rule-packs/{pack_id}",
    refusals=frozenset({404}),
    example={
        "edition": "own-2027-01",
        "effective_from": "2027-01-01",
        "parameters": {"special_care_age": 60, "high_risk_from": "R3"},
        "switches": {"CUS-11": True},
        "reason": "年度复核",
    },
)
async def draft_rule_pack(asked: Asked) -> pb.RulePack:
    named = ("edition", "effective_from", "base", "reason")
    request = pb.DraftRulePackRequest(edit=pack_edit(asked.body), **only(asked.body, *named))
    return (await asked.call(asked.services.rule_packs.DraftRulePack, request)).pack


@rule_packs.get(
    "/rule-packs/{pack_id}",
    permission="rule_pack.read",
    summary=Sentence("One rule pack, as people read it", "规则包详情"),
    shows=schemas.RulePack,
)
async def get_rule_pack(asked: Asked) -> pb.RulePack:
    request = pb.GetRulePackRequest(**asked.path)
    return (await asked.call(asked.services.rule_packs.GetRulePack, request)).pack


@rule_packs.patch(
    "/rule-packs/{pack_id}",
    permission="rule_pack.draft",
    summary=Sentence("Change a draft", "修改规则包草案"),
    body=schemas.RulePackChanged,
    shows=schemas.RulePack,
)
async def change_rule_pack(asked: Asked) -> pb.RulePack:
    named = ("edition", "effective_from", "follows", "reason")
    request = pb.ChangeRulePackRequest(
        edit=pack_edit(asked.body), **asked.path, **only(asked.body, *named)
    )
    return (await asked.call(asked.services.rule_packs.ChangeRulePack, request)).pack


@rule_packs.delete(
    "/rule-packs/{pack_id}",
    permission="rule_pack.draft",
    summary=Sentence("Discard a draft; it stays in the list", "作废规则包草案"),
    status=204,
)
async def discard_rule_pack(asked: Asked) -> None:
    request = pb.DiscardRulePackRequest(**asked.path)
    await asked.call(asked.services.rule_packs.DiscardRulePack, request)


@rule_packs.post(
    "/rule-packs/{pack_id}/releases",
    permission="rule_pack.release",
    summary=Sentence("Release what others drafted", "复核发布规则包"),
    shows=schemas.RulePack,
    status=201,
)
async def release_rule_pack(asked: Asked) -> pb.RulePack:
    request = pb.ReleaseRulePackRequest(**asked.path)
    return (await asked.call(asked.services.rule_packs.ReleaseRulePack, request)).pack


@rule_packs.get(
    "/rule-packs/{pack_id}/differences",
    permission="rule_pack.read",
    summary=Sentence("What it says otherwise than the pack before it", "与在用规则包的差异"),
    query=schemas.AgainstAsked,
    shows=schemas.PackDifferences,
)
async def list_rule_pack_differences(asked: Asked) -> pb.ListRulePackDifferencesResponse:
    request = pb.ListRulePackDifferencesRequest(**asked.path, **asked.query)
    return await asked.call(asked.services.rule_packs.ListRulePackDifferences, request)


@rule_packs.get(
    "/rule-packs/{pack_id}/problems",
    permission="rule_pack.read",
    summary=Sentence("Everything that is wrong with it, and where", "规则包检查"),
    shows=all_of(schemas.PackProblem, "problems"),
)
async def list_rule_pack_problems(asked: Asked) -> pb.ListRulePackProblemsResponse:
    request = pb.ListRulePackProblemsRequest(**asked.path)
    return await asked.call(asked.services.rule_packs.ListRulePackProblems, request)


@rule_packs.get(
    "/rule-packs/{pack_id}/export",
    permission="rule_pack.read",
    summary=Sentence("As one file, to verify receipts offline", "导出规则包（离线复算）"),
    shows=schemas.RulePackExport,
)
async def export_rule_pack(asked: Asked) -> pb.GetRulePackExportResponse:
    request = pb.GetRulePackExportRequest(**asked.path)
    return await asked.call(asked.services.rule_packs.GetRulePackExport, request)


def pack_edit(body: Values) -> pb.PackEdit:
    return pb.PackEdit(
        document_json=json(body["document"]) if body.get("document") is not None else "",
        parameters={name: json(value) for name, value in (body.get("parameters") or {}).items()},
        switches=body.get("switches"),
        rules=[
            pb.TakenRule(section=taken["section"], rule_json=json(taken["rule"]))
            for taken in body.get("rules") or ()
        ],
        removed_rules=body.get("removed_rules"),
    )


def json(value: object) -> str:
    return orjson.dumps(value).decode()


def only(body: Values, *names: str) -> dict[str, Any]:
    return {name: body[name] for name in names if body.get(name) is not None}
