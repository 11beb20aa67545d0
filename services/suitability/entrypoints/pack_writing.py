"""Rule packs as people read them: parameters with their meaning, rules with their sentences."""

from collections.abc import Mapping
from typing import Any, cast

from chassis.moments import stamp
from liheng.suitability.v1 import packs_pb2 as pb
from services.suitability.adapters.pack_shelf import Summary, summary_of
from services.suitability.domain.digest import canonical
from services.suitability.domain.pack_differences import PackDifference, enabled, in_words
from services.suitability.domain.pack_document import Document, PackDocument
from services.suitability.domain.pack_problems import PackProblem, UnreadablePack
from services.suitability.domain.pack_reader import jsonable
from services.suitability.domain.rule_pack import RulePack


def summary_message(summary: Summary, in_force: str) -> pb.RulePackSummary:
    """*in_force* is the edition by which sales are decided today."""
    return pb.RulePackSummary(
        pack_id=summary.pack_id,
        edition=summary.edition,
        state=summary.state,
        effective_from=summary.effective_from.isoformat(),
        follows=summary.follows,
        in_force=summary.edition == in_force,
        digest=summary.digest,
        drafted_by=summary.drafted_by,
        drafted_at=stamp(summary.drafted_at) if summary.drafted_at else None,
        released_by=summary.released_by,
        released_at=stamp(summary.released_at) if summary.released_at else None,
        version=summary.version,
        rehearsal_id=summary.rehearsal_id,
    )


def pack_message(pack: RulePack, in_force: str) -> pb.RulePack:
    document = pack.document
    name, problems = named(pack)
    return pb.RulePack(
        pack_id=pack.pack_id,
        summary=summary_message(summary_of(pack), in_force),
        rule_pack=name,
        problems=len(problems),
        parameters=parameters(document),
        sections=[section(document, name) for name in cast("list[str]", document.head["sections"])],
        regulations=[
            pb.PackRegulation(
                regulation=key,
                zh=str(said["zh"]),
                en=str(said["en"]),
                in_force_from=str(jsonable(said["in_force_from"])),
            )
            for key, said in _part(document, "regulations").items()
        ],
        changes=[
            pb.RulePackChange(
                number=change.number,
                by=change.by,
                at=stamp(change.at),
                what=change.what,
                reason=change.reason,
                digest=change.digest,
            )
            for change in pack.changes
        ],
        makers=pack.makers,
    )


def named(pack: RulePack) -> tuple[str, tuple[PackProblem, ...]]:
    try:
        return pack.document.read().name, ()
    except UnreadablePack as error:
        return "", error.problems


def parameters(document: PackDocument) -> list[pb.PackParameter]:
    meanings = _part(document, "meanings")
    return [
        pb.PackParameter(name=name, value=in_words(value), **_told(meanings.get(name, {})))
        for name, value in _part(document, "parameters").items()
    ]


def _told(meaning: Document) -> dict[str, str]:
    return {key: str(meaning.get(key, "")) for key in ("zh", "en", "source")}


def section(document: PackDocument, name: str) -> pb.PackSection:
    said = cast("Mapping[str, Any]", document.sections[name])
    return pb.PackSection(
        section=name,
        definitions=[
            pb.PackDefinition(name=key, condition=text)
            for key, text in said.get("definitions", {}).items()
        ],
        rules=[rule_message(rule, document) for rule in said.get("rule", [])],
    )


def rule_message(rule: Mapping[str, Any], document: PackDocument) -> pb.PackRule:
    regulation = _part(document, "regulations").get(rule["regulation"], {})
    since = rule.get("in_force_from", regulation.get("in_force_from", ""))
    return pb.PackRule(
        rule_id=rule["id"],
        regulation=rule["regulation"],
        article=rule["article"],
        status=rule["status"],
        enabled=enabled(rule),
        in_force_from=str(jsonable(since)),
        scope=rule["scope"],
        zh=filled(rule["zh"], document),
        en=filled(rule["en"], document),
        clauses=[clause_message(clause, document) for clause in rule.get("clause", [])],
    )


def clause_message(clause: Mapping[str, Any], document: PackDocument) -> pb.PackClause:
    obligation = clause.get("obligation")
    return pb.PackClause(
        when=clause.get("when", "True"),
        verdict=clause.get("verdict", "ALLOW"),
        requires=clause.get("requires", []),
        obligation=canonical(jsonable(obligation)) if obligation else "",
        zh=filled(clause.get("zh", ""), document),
        en=filled(clause.get("en", ""), document),
    )


def filled(text: str, document: PackDocument) -> str:
    """With the values of parameters in their places."""
    for name, value in _part(document, "parameters").items():
        text = text.replace(f"{{{name}}}", in_words(value))
    return text


def difference_message(one: PackDifference) -> pb.PackDifference:
    return pb.PackDifference(**vars(one))


def problem_message(one: PackProblem) -> pb.PackProblem:
    return pb.PackProblem(where=one.where, zh=one.zh, en=one.en)


def _part(document: PackDocument, name: str) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", document.head.get(name, {}))
