"""Which clauses of a rule pack, and which sides of its boundaries, no case has tried."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from zoneinfo import ZoneInfo

from services.suitability.domain.expression import ARITHMETIC, Expression
from services.suitability.domain.judge import judge_of
from services.suitability.domain.pack import Clause, Definition, Pack, Rule
from services.suitability.domain.sale import DEFAULTS, Sale
from services.suitability.domain.truth import Missing
from services.suitability.domain.values import Level

Facts = Mapping[str, object]
# The value itself, and the side on which the answer is another one.
ORDERING: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("at", "below"),
    ast.LtE: ("at", "above"),
    ast.Gt: ("at", "above"),
    ast.GtE: ("at", "below"),
}


@dataclass(frozen=True)
class Tried:
    """A case: the rule it is about, the rules it switches on, the verdict that rule must give."""

    rule: str
    verdict: str
    switched_on: tuple[str, ...]
    sale: Sale


@dataclass(frozen=True)
class Gap:
    """*missing* is what no case does: fires, passes, below, at or above."""

    place: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    rule: Rule
    cases: int
    verdicts: tuple[str, ...]
    gaps: tuple[Gap, ...]


def coverage(pack: Pack, cases: Sequence[Tried], zone: ZoneInfo) -> list[Coverage]:
    """Of each rule, in the order of the pack. A boundary may be tried by the case of any rule."""
    facts = [(case, facts_of(case, pack, zone)) for case in cases]
    everything = [found for _, found in facts]
    definitions = {step.name: step.condition for step in pack.steps if isinstance(step, Definition)}
    return [
        _covered(
            rule,
            [(case, found) for case, found in facts if case.rule == rule.id],
            Boundaries(pack.parameters, definitions, everything),
        )
        for rule in pack.rules
    ]


def facts_of(case: Tried, pack: Pack, zone: ZoneInfo) -> dict[str, object]:
    """All a condition may read: what is given, what follows from it, conclusions, definitions."""
    applied = pack.switch_on(case.switched_on)
    on = case.sale.on(zone)
    window = int(str(pack.parameters["assessment_window_months"]))
    _, concluded = judge_of(applied).findings(case.sale, on)
    derived = case.sale.derived(on, window_months=window)
    facts = {**DEFAULTS, **case.sale.given, **derived, **concluded}
    for step in applied.steps:
        if isinstance(step, Definition):
            facts[step.name] = step.condition.evaluate(facts)
    return facts


def _covered(
    rule: Rule, cases: Sequence[tuple[Tried, Facts]], boundaries: "Boundaries"
) -> Coverage:
    verdicts = tuple(dict.fromkeys(case.verdict for case, _ in cases))
    facts = [found for _, found in cases]
    gaps = [*_untried(rule, facts), *boundaries.untried(rule)]
    return Coverage(rule, len(cases), verdicts, tuple(gaps))


def _untried(rule: Rule, facts: Sequence[Facts]) -> Iterator[Gap]:
    if not any(rule.scope.evaluate(found) is True for found in facts):
        yield Gap("the rule", ("applies",))
    for clause in rule.clauses:
        missing = []
        if not any(_fires(rule, clause, found) for found in facts):
            missing.append("fires")
        if clause.when.names and all(_fires(rule, clause, found) for found in facts):
            missing.append("passes")
        if missing:
            yield Gap(clause.when.text, tuple(missing))


def _fires(rule: Rule, clause: Clause, facts: Facts) -> bool:
    return rule.scope.evaluate(facts) is True and clause.when.evaluate(facts) is True


@dataclass(frozen=True)
class Boundaries:
    """Comparisons by order that a rule rests on, and the cases that stand on each side."""

    parameters: Facts
    definitions: Mapping[str, Expression]
    facts: Sequence[Facts]

    def untried(self, rule: Rule) -> Iterator[Gap]:
        conditions = [rule.scope, *(clause.when for clause in rule.clauses)]
        for comparison in dict.fromkeys(self._comparisons(conditions)):
            missing = self._missing(comparison)
            if missing:
                yield Gap(comparison, missing)

    def _comparisons(self, conditions: Iterable[Expression]) -> Iterator[str]:
        for condition in conditions:
            for node in ast.walk(condition.tree):
                if isinstance(node, ast.Compare) and type(node.ops[0]) in ORDERING:
                    yield ast.unparse(node)
            named = [self.definitions[name] for name in condition.names if name in self.definitions]
            yield from self._comparisons(named)

    def _missing(self, comparison: str) -> tuple[str, ...]:
        node = cast("ast.Compare", ast.parse(comparison, mode="eval").body)
        pairs = [
            (self._value(node.left, facts), self._value(node.comparators[0], facts))
            for facts in self.facts
        ]
        stood = {_side(one, other) for one, other in pairs if None not in (one, other)}
        return tuple(side for side in ORDERING[type(node.ops[0])] if side not in stood)

    def _value(self, node: ast.expr, facts: Facts) -> object:
        """Nothing when it is not known."""
        match node:
            case ast.Attribute(value=ast.Name(id="parameter"), attr=name):
                return _ordered(self.parameters[name])
            case ast.Attribute(value=ast.Name(id=section), attr=name):
                value = facts.get(f"{section}.{name}")
                return None if isinstance(value, Missing) else value
            case ast.BinOp(left=left, op=op, right=right):
                one, other = self._value(left, facts), self._value(right, facts)
                unknown = one is None or other is None
                return None if unknown else ARITHMETIC[type(op)](one, other)
            case ast.Constant(value=value):
                return _ordered(value)
        raise ValueError(f"{ast.unparse(node)} has no order")


def _side(one: Any, other: Any) -> str:
    if one < other:
        return "below"
    return "above" if one > other else "at"


def _ordered(value: object) -> object:
    return Level(value) if isinstance(value, str) else value
