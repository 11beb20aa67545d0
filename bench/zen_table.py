"""The rules of a pack as a decision table of zen-engine, generated from the pack.

zen-engine has no third truth value and fails where null is compared. So each condition becomes
two: when it is true, and when it is false; what is neither is missing, as in the pack.
"""

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

from services.suitability.domain.catalogue import GIVEN, KINDS
from services.suitability.domain.expression import Compiler, Expression, Vocabulary
from services.suitability.domain.pack import Definition, Pack, Rule, Verdict
from services.suitability.domain.values import FLAG, Level

Document = dict[str, object]
SIGNS: dict[type[ast.AST], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Add: "+",
    ast.Mult: "*",
}
INPUT = "when"


@dataclass(frozen=True)
class Truth:
    """Two expressions of zen-engine."""

    true: str
    false: str

    @property
    def missing(self) -> str:
        return f"(not({self.true}) and not({self.false}))"


@dataclass
class Table:
    """*steps* are worked out in their order, *rows* all at once after them."""

    pack: Pack
    steps: list[Document] = field(default_factory=list)
    rows: list[Document] = field(default_factory=list)
    conclusions: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        definitions = {one.name for one in self.pack.steps if isinstance(one, Definition)}
        kinds = KINDS | dict.fromkeys(definitions, FLAG)
        self._defined = definitions
        labels = {name: fact.label for name, fact in GIVEN.items()}
        self._compiler = Compiler("", Vocabulary(kinds, labels, self.pack.parameters))

    def fill(self) -> None:
        for step in self.pack.steps:
            if isinstance(step, Definition):
                self._define(flat(step.name), self._truth(step.condition))
            elif step.enabled:
                self._rule(step)

    def _define(self, name: str, truth: Truth) -> None:
        self._step(f"{name}_t", truth.true)
        self._step(f"{name}_f", truth.false)

    def _step(self, key: str, value: str) -> None:
        self.steps.append({"id": str(len(self.steps)), "key": key, "value": value})

    def _rule(self, rule: Rule) -> None:
        in_force = f"sale_on >= {rule.in_force_from.toordinal()}"
        name, scope = f"scope_{len(self.steps)}", self._truth(rule.scope)
        true, false = f"({in_force} and {scope.true})", f"(not({in_force}) or {scope.false})"
        self._define(name, Truth(true, false))
        if rule.concludes:
            self._conclude(name, *rule.concludes)
        self._row(rule, f"{name}_t", Verdict.ALLOW, rule.sentence.zh, rule.sentence.en)
        for place, clause in enumerate(rule.clauses):
            when = f"{name}_{place}"
            self._define(when, self._truth(clause.when))
            fires = f"{name}_t and {when}_t"
            self._row(rule, fires, clause.verdict, clause.sentence.zh, clause.sentence.en)
            known = f"({name}_t and {when}_t) or {name}_f or {when}_f"
            self._row(rule, f"not({known})", Verdict.REQUIRE, "尚缺信息。", "Not known.")

    def _conclude(self, scope: str, fact: str, value: object) -> None:
        """The first rule that holds settles it."""
        before = self._name(fact)
        key = f"{flat(fact)}_{len(self.steps)}"
        self._step(key, f"{before} != null ? {before} : ($.{scope}_t ? {literal(value)} : null)")
        self.conclusions[fact] = f"$.{key}"

    def _row(self, rule: Rule, when: str, verdict: Verdict, zh: str, en: str) -> None:
        said = {"rule": rule.id, "verdict": str(verdict), "zh": zh, "en": en}
        written = {name: json.dumps(text, ensure_ascii=False) for name, text in said.items()}
        self.rows.append({"_id": str(len(self.rows)), INPUT: when, **written})

    def _truth(self, expression: Expression) -> Truth:
        return self._of(expression.tree)

    def _of(self, node: ast.expr) -> Truth:
        match node:
            case ast.BoolOp(op=op, values=values):
                parts = [self._of(value) for value in values]
                every = isinstance(op, ast.And)
                true = (" and " if every else " or ").join(part.true for part in parts)
                false = (" or " if every else " and ").join(part.false for part in parts)
                return Truth(f"({true})", f"({false})")
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self._of(operand)
                return Truth(inner.false, inner.true)
            case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() as op]):
                absent = self._absent(left)
                given = isinstance(op, ast.IsNot)
                return Truth(f"not({absent})", absent) if given else Truth(absent, f"not({absent})")
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._compared(left, op, right)
            case ast.Constant(value=bool() as value):
                return Truth(literal(value), literal(not value))
            case ast.Attribute(value=ast.Name(id="parameter"), attr=name):
                value = bool(self.pack.parameters[name])
                return Truth(literal(value), literal(not value))
            case ast.Attribute(value=ast.Name(id=section), attr=attr):
                return self._flag(f"{section}.{attr}")
        raise TypeError(ast.unparse(node))

    def _flag(self, name: str) -> Truth:
        if name in self._defined:
            return Truth(f"$.{flat(name)}_t", f"$.{flat(name)}_f")
        return Truth(f"({self._name(name)} == true)", f"({self._name(name)} == false)")

    def _absent(self, node: ast.expr) -> str:
        full = ast.unparse(node)
        return (
            self._flag(full).missing if full in self._defined else f"({self._name(full)} == null)"
        )

    def _compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Truth:
        names = dict.fromkeys(self._names(left) + self._names(right))
        known = " and ".join(f"{name} != null" for name in names) or "true"
        a, b = self._value(left, right), self._value(right, left)
        if isinstance(op, ast.In | ast.NotIn):
            holds = f"({a} in {b})"
            holds = holds if isinstance(op, ast.In) else f"not{holds}"
        else:
            holds = f"({a} {SIGNS[type(op)]} {b})"
        return Truth(f"({known} and {holds})", f"({known} and not({holds}))")

    def _names(self, node: ast.expr) -> list[str]:
        return [
            self._name(ast.unparse(one))
            for one in ast.walk(node)
            if isinstance(one, ast.Attribute) and not ast.unparse(one).startswith("parameter.")
        ]

    def _value(self, node: ast.expr, beside: ast.expr) -> str:
        if isinstance(node, ast.BinOp):
            parts = self._value(node.left, beside), self._value(node.right, beside)
            return f"({parts[0]} {SIGNS[type(node.op)]} {parts[1]})"
        full = ast.unparse(node)
        if isinstance(node, ast.Attribute) and not full.startswith("parameter."):
            return self._name(full)
        term, other = self._compiler.term(node), self._compiler.term(beside)
        return literal(self._compiler.typed(term, other).constant)

    def _name(self, full: str) -> str:
        return self.conclusions.get(full, flat(full))


def decision_table(pack: Pack) -> Document:
    """A graph of zen-engine: what is shared by rules, then every rule, then all that fits."""
    table = Table(pack)
    table.fill()
    rows = [{**row, INPUT: str(row[INPUT])} for row in table.rows]
    outputs = [
        {"id": name, "field": name, "name": name} for name in ("rule", "verdict", "zh", "en")
    ]
    shared = {"expressions": table.steps, "passThrough": True}
    rules = {
        "hitPolicy": "collect",
        "inputs": [{"id": INPUT, "name": INPUT}],
        "outputs": outputs,
        "rules": rows,
    }
    nodes = [
        node("in", "inputNode", {}),
        node("shared", "expressionNode", shared),
        node("rules", "decisionTableNode", rules),
        node("out", "outputNode", {}),
    ]
    ids = [str(each["id"]) for each in nodes]
    edges = [
        {"id": f"{one}-{other}", "sourceId": one, "targetId": other, "type": "edge"}
        for one, other in pairwise(ids)
    ]
    return {"nodes": nodes, "edges": edges}


def node(name: str, kind: str, content: Mapping[str, object]) -> Document:
    return {
        "id": name,
        "name": name,
        "type": kind,
        "content": content,
        "position": {"x": 0, "y": 0},
    }


def facts_for_zen(facts: Mapping[str, object]) -> Document:
    """Known facts in one flat object, levels and days as numbers; what is missing is not there."""
    written = {flat(name): plain(value) for name, value in facts.items()}
    return {name: value for name, value in written.items() if value is not None}


def plain(value: object) -> object:
    match value:
        case Level():
            return int(value[1])
        case date():
            return value.toordinal()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case tuple():
            return [plain(item) for item in value]
        case bool() | int() | float() | str():
            return value
    return None  # Missing


def literal(value: object) -> str:
    return json.dumps(plain(value), ensure_ascii=False)


def flat(name: str) -> str:
    return name.replace(".", "_")
