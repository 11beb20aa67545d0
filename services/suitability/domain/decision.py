"""Decide one sale by every rule of a pack, and say why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.suitability.domain.calendar import months_later
from services.suitability.domain.catalogue import LABELS_ZH
from services.suitability.domain.obligations import merged
from services.suitability.domain.pack import Clause, Definition, Pack, Rule, Verdict
from services.suitability.domain.sale import Sale
from services.suitability.domain.truth import Missing, missing_of
from services.suitability.domain.values import written


@dataclass(frozen=True)
class Finding:
    """One rule that applied: what it said, and what it read."""

    rule: Rule
    verdict: Verdict
    facts: Mapping[str, object]
    zh: str
    en: str
    requires: tuple[str, ...] = ()
    obligations: tuple[tuple[str, Mapping[str, object]], ...] = ()


@dataclass(frozen=True)
class Decision:
    sale: Sale
    pack: Pack
    zone: ZoneInfo
    regime: str | None
    customer_class: str | None
    findings: tuple[Finding, ...]
    valid_until: datetime

    @property
    def outcome(self) -> Verdict:
        """BLOCK wins over REQUIRE wins over ALLOW."""
        return strongest(finding.verdict for finding in self.findings)

    @property
    def requires(self) -> tuple[str, ...]:
        """What is still missing, in the order of the rules that ask for it."""
        asked = (name for finding in self.findings for name in finding.requires)
        return tuple(dict.fromkeys(asked))

    @property
    def obligations(self) -> dict[str, dict[str, object]]:
        """What the sale must go through, by name; the strictest parameters of all rules."""
        return merged(
            (finding.rule.id, name, parameters)
            for finding in self.findings
            for name, parameters in finding.obligations
        )


def decide(sale: Sale, pack: Pack, zone: ZoneInfo) -> Decision:
    """All rules are evaluated; none keeps another from being heard."""
    on = sale.on(zone)
    window = int(str(pack.parameters["assessment_window_months"]))
    facts = sale.facts(on, window_months=window)
    findings = tuple(evaluate(pack, facts, on))
    return Decision(
        sale=sale,
        pack=pack,
        zone=zone,
        regime=_known(facts.get("sale.regime")),
        customer_class=_known(facts.get("sale.customer_class")),
        findings=findings,
        valid_until=valid_until(sale, pack, findings, zone),
    )


def valid_until(sale: Sale, pack: Pack, findings: Iterable[Finding], zone: ZoneInfo) -> datetime:
    """A number of days, but not longer than the assessment that a rule relied on holds."""
    ends = [sale.at + timedelta(days=int(str(pack.parameters["decision_valid_days"])))]
    assessed_on = sale.last_assessed_on
    for finding in findings:
        months = finding.rule.assessment_holds_months
        if months is not None and assessed_on is not None and not finding.requires:
            last_day = months_later(assessed_on, months)
            ends.append(datetime.combine(last_day + timedelta(days=1), time(), zone))
    return min(ends).astimezone(UTC)


def evaluate(pack: Pack, facts: dict[str, object], on: date) -> Iterable[Finding]:
    """The findings in the order of the pack; conclusions and definitions are added to *facts*."""
    for step in pack.steps:
        if isinstance(step, Definition):
            facts[step.name] = step.condition.evaluate(facts)
        elif step.enabled and on >= step.in_force_from:
            found = conclude(step, facts) if step.concludes else apply(step, facts)
            if found is not None:
                yield found


def conclude(rule: Rule, facts: dict[str, object]) -> Finding | None:
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
    return _finding(rule, facts, _Outcome())


def apply(rule: Rule, facts: Mapping[str, object]) -> Finding | None:
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
    return _finding(rule, facts, outcome)


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
        return strongest([clause.verdict for clause in self.fired] + asked)

    @property
    def requires(self) -> tuple[str, ...]:
        named = (name for clause in self.fired for name in clause.requires)
        return tuple(dict.fromkeys([*named, *self.unknown]))


def _finding(rule: Rule, facts: Mapping[str, object], outcome: _Outcome) -> Finding:
    zh, en = _sentences(rule, outcome)
    return Finding(
        rule=rule,
        verdict=outcome.verdict,
        facts={name: _shown(facts.get(name)) for name in rule.reads},
        zh=zh,
        en=en,
        requires=outcome.requires,
        obligations=tuple(
            (clause.obligation.name, clause.obligation.resolved(facts))
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


def strongest(verdicts: Iterable[Verdict]) -> Verdict:
    return max(verdicts, key=lambda verdict: verdict.weight, default=Verdict.ALLOW)


def _known(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _shown(value: object) -> object:
    return None if isinstance(value, Missing) else written(value)
