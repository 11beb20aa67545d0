"""What a draft makes of a case that another pack decides otherwise: the turn, and whose doing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.suitability.domain.decision import Decision
from services.suitability.domain.judge import Finding
from services.suitability.domain.pack import Verdict


class Turn(StrEnum):
    BLOCKED = "blocked"
    REQUIRED = "required"
    ALLOWED = "allowed"
    TERMS = "terms"  # the same outcome, asked for or obliged to something else


TURNS = {
    Verdict.BLOCK: Turn.BLOCKED,
    Verdict.REQUIRE: Turn.REQUIRED,
    Verdict.ALLOW: Turn.ALLOWED,
}


@dataclass(frozen=True)
class Turned:
    """*rules* are those that made the difference."""

    turn: Turn
    before: Verdict
    after: Verdict
    rules: tuple[str, ...]


def turned(before: Decision, after: Decision) -> Turned | None:
    """None when both say the same; other words for the same are no turn."""
    was, is_now = before.outcome, after.outcome
    said, says = _by_rule(before), _by_rule(after)
    if was is is_now and (said == says or _terms(before) == _terms(after)):
        return None
    different = [name for name in {**said, **says} if said.get(name) != says.get(name)]
    turn = Turn.TERMS if was is is_now else TURNS[is_now]
    return Turned(turn, was, is_now, tuple(_decisive(was, is_now, before, after, different)))


def _decisive(
    was: Verdict, is_now: Verdict, before: Decision, after: Decision, different: list[str]
) -> list[str]:
    """Stricter: the rules that now say so. Milder: those that said so before."""
    if was is is_now:
        return different
    side, verdict = (after, is_now) if is_now.weight > was.weight else (before, was)
    found = {one.rule.id for one in side.findings if one.verdict is verdict}
    return [name for name in different if name in found] or different


def _by_rule(decision: Decision) -> dict[str, object]:
    return {finding.rule.id: _said(finding) for finding in decision.findings}


def _said(finding: Finding) -> object:
    return (finding.verdict, finding.requires, finding.obligations)


def _terms(decision: Decision) -> object:
    return set(decision.requires), {
        name: _without_rules(terms) for name, terms in decision.obligations.items()
    }


def _without_rules(terms: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in terms.items() if key != "rules"}
