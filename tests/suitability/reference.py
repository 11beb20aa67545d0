"""How a decision is made, said as plainly as it can be: what the compiled one is held to.

Conditions are evaluated one by one on a dictionary of facts, which definitions and
conclusions are added to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from services.suitability.domain.catalogue import LABELS_ZH
from services.suitability.domain.expression import Expression
from services.suitability.domain.pack import (
    Clause,
    Definition,
    ObligationTerms,
    Pack,
    Rule,
    Verdict,
)
from services.suitability.domain.sale import Sale
from services.suitability.domain.truth import Missing, missing_of
from services.suitability.domain.values import written


@dataclass(frozen=True)
class Said:
    """One rule that applied: what it said, and what it read."""

    rule: Rule
    verdict: Verdict
    facts: Mapping[str, object]
    zh: str
    en: str
    requires: tuple[str, ...]
    obligations: tuple[tuple[str, Mapping[str, object]], ...]


def said_of(sale: Sale, pack: Pack, zone: ZoneInfo) -> list[Said]:
    on = sale.on(zone)
    window = int(str(pack.parameters["assessment_window_months"]))
    return list(evaluate(pack, sale.facts(on, window_months=window), on))


def evaluate(pack: Pack, facts: dict[str, object], on: date) -> Iterable[Said]:
    """The findings in the order of the pack; conclusions and definitions are added to *facts*."""
    for step in pack.steps:
        if isinstance(step, Definition):
            facts[step.name] = step.condition.evaluate(facts)
        elif step.enabled and on >= step.in_force_from:
            found = conclude(step, facts) if step.concludes else apply(step, facts)
            if found is not None:
                yield found


def conclude(rule: Rule, facts: dict[str, object]) -> Said | None:
    """The first rule that holds settles the fact; until then it is as unknown as its causes."""
    assert rule.concludes is not None
    name, value = rule.concludes
    known = facts.get(name)
    if known is not None and not isinstance(known, Missing):
        return None
    truth = rule.scope.evaluate(facts)
    if isinstance(truth, Missing):
        facts[name] = missing_of((truth, known))
    if truth is not True:
        return None
    facts[name] = value
    return _said(rule, facts, _Outcome())


def apply(rule: Rule, facts: Mapping[str, object]) -> Said | None:
    scope = rule.scope.evaluate(facts)
    if scope is False:
        return None
    outcome = _Outcome()
    if not rule.clauses:
        outcome.note(scope)
    for clause in rule.clauses:
        truth = clause.when.evaluate(facts)
        if truth is not False and not outcome.note(scope, truth):
            outcome.fired.append(clause)
    if isinstance(scope, Missing) and not outcome.unknown:
        return None
    return _said(rule, facts, outcome)


@dataclass
class _Outcome:
    """What became of a rule's clauses."""

    fired: list[Clause] = field(default_factory=list)
    unknown: dict[str, None] = field(default_factory=dict)

    def note(self, *truths: object) -> bool:
        """Whether facts are missing; they are noted."""
        missing = missing_of(truths)
        if missing is not None:
            self.unknown |= dict.fromkeys(sorted(missing.names))
        return missing is not None

    @property
    def verdict(self) -> Verdict:
        asked = [Verdict.REQUIRE] if self.unknown else []
        return _strongest([clause.verdict for clause in self.fired] + asked)

    @property
    def requires(self) -> tuple[str, ...]:
        named = (name for clause in self.fired for name in clause.requires)
        return tuple(dict.fromkeys([*named, *self.unknown]))


def _said(rule: Rule, facts: Mapping[str, object], outcome: _Outcome) -> Said:
    zh, en = _sentences(rule, outcome)
    return Said(
        rule=rule,
        verdict=outcome.verdict,
        facts={name: _shown(facts.get(name)) for name in rule.reads},
        zh=zh,
        en=en,
        requires=outcome.requires,
        obligations=tuple(
            (clause.obligation.name, _resolved(clause.obligation, facts))
            for clause in outcome.fired
            if clause.obligation is not None
        ),
    )


def _sentences(rule: Rule, outcome: _Outcome) -> tuple[str, str]:
    said = [clause.sentence for clause in outcome.fired] or [rule.sentence]
    zh = [sentence.zh for sentence in dict.fromkeys(said)]
    en = [sentence.en for sentence in dict.fromkeys(said)]
    if outcome.unknown:
        zh.append(
            "尚缺：" + "、".join(LABELS_ZH.get(name, name) for name in outcome.unknown) + "。"
        )
        en.append("Not known: " + ", ".join(outcome.unknown) + ".")
    return "".join(zh), " ".join(en)


def _resolved(terms: ObligationTerms, facts: Mapping[str, object]) -> dict[str, object]:
    values = {
        key: value.evaluate(facts) if isinstance(value, Expression) else value
        for key, value in terms.parameters.items()
    }
    return {key: value for key, value in values.items() if not isinstance(value, Missing)}


def _strongest(verdicts: Iterable[Verdict]) -> Verdict:
    return max(verdicts, key=lambda verdict: verdict.weight, default=Verdict.ALLOW)


def _shown(value: object) -> object:
    return None if isinstance(value, Missing) else written(value)
