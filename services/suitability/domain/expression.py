"""Conditions as text: compared facts joined by and, or and not; no calls, no loops.

`customer.age >= 65 and product.level >= parameter.high_risk_from` is read by Python's own
parser; everything but the few forms below is refused when the pack is loaded, and so are
unknown facts and values a fact cannot have.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.suitability.domain.truth import (
    Facts,
    Missing,
    Reading,
    every,
    missing_of,
    negation,
    some,
)
from services.suitability.domain.values import Kind, Level

COMPARISONS: dict[type[ast.cmpop], Callable[..., bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
}
ARITHMETIC: dict[type[ast.operator], Callable[..., object]] = {
    ast.Add: operator.add,
    ast.Mult: operator.mul,
}


class PackError(ValueError):
    """A rule pack that cannot be used, and why, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh


@dataclass(frozen=True)
class Vocabulary:
    """The names an expression may use: facts with their kinds, and fixed parameters."""

    kinds: Mapping[str, Kind]
    labels: Mapping[str, str]
    parameters: Mapping[str, object]


@dataclass(frozen=True)
class Expression:
    """*tree* is what the text says, checked: other readers than *evaluate* may be made of it."""

    text: str
    names: tuple[str, ...]
    evaluate: Reading
    tree: ast.expr


@dataclass(frozen=True)
class Term:
    """A part of an expression: how it is read, and what it is if that is known."""

    read: Reading
    kind: Kind | None = None
    constant: object = None


def compile_expression(text: str, vocabulary: Vocabulary) -> Expression:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (ValueError, SyntaxError) as error:
        raise PackError(f"{text!r} is not a condition: {error}", f"{text!r} 不是条件式") from error
    compiler = Compiler(text, vocabulary)
    term = compiler.term(tree)
    return Expression(text, tuple(dict.fromkeys(compiler.names)), term.read, tree)


def compile_condition(text: str, vocabulary: Vocabulary) -> Expression:
    """An expression that is true, false or unknown, and not a number or a name."""
    expression = compile_expression(text, vocabulary)
    kind = vocabulary.kinds.get(text.strip())
    if kind is not None and kind.name != "flag":
        raise PackError(f"{text!r} is not true or false", f"{text!r} 不是真假判断")
    return expression


class Compiler:
    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.names: list[str] = []
        self._text = text
        self._vocabulary = vocabulary

    def term(self, node: ast.expr) -> Term:
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return Term(every(self._truths(values)))
            case ast.BoolOp(op=ast.Or(), values=values):
                return Term(some(self._truths(values)))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Term(negation(self._truths([operand])[0]))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._comparison(left, op, right)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
                return self._binary(ARITHMETIC[type(op)], self.term(left), self.term(right))
            case ast.Attribute(value=ast.Name(id=section), attr=name):
                return self._named(section, name)
            case ast.Constant(value=bool() | int() | str() as value):
                return Term(lambda _: value, constant=value)
            case ast.List(elts=items):
                listed = tuple(self.term(item).constant for item in items)
                return Term(lambda _: listed, constant=listed)
        said = ast.unparse(node)
        raise PackError(
            f"{said!r} may not be used in {self._text!r}", f"{self._text!r} 中不得使用 {said!r}"
        )

    def _truths(self, nodes: list[ast.expr]) -> tuple[Reading, ...]:
        terms = [self.term(node) for node in nodes]
        for node, term in zip(nodes, terms, strict=True):
            if term.kind is not None and term.kind.name != "flag":
                said = ast.unparse(node)
                raise PackError(
                    f"{said!r} is not true or false in {self._text!r}",
                    f"{self._text!r} 中的 {said!r} 不是真假判断",
                )
        return tuple(term.read for term in terms)

    def _named(self, section: str, name: str) -> Term:
        if section == "parameter":
            return self._parameter(name)
        full = f"{section}.{name}"
        if full not in self._vocabulary.kinds:
            raise PackError(
                f"{full!r} is not a known fact in {self._text!r}",
                f"{self._text!r} 中的 {full!r} 不是已知事实",
            )
        self.names.append(full)
        label = self._vocabulary.labels.get(full, full)
        return Term(fact(full, label), self._vocabulary.kinds[full])

    def _parameter(self, name: str) -> Term:
        if name not in self._vocabulary.parameters:
            raise PackError(
                f"parameter {name!r} is not in the pack ({self._text!r})",
                f"规则包没有参数 {name!r}（{self._text!r}）",
            )
        value = self._vocabulary.parameters[name]
        return Term(lambda _: value, constant=value)

    def _comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Term:
        if isinstance(op, ast.Is | ast.IsNot):
            return self._presence(left, right, given=isinstance(op, ast.IsNot))
        if type(op) not in COMPARISONS:
            raise PackError(
                f"this comparison may not be used in {self._text!r}",
                f"{self._text!r} 中不得使用这种比较",
            )
        one, other = self.term(left), self.term(right)
        one, other = self.typed(one, other), self.typed(other, one)
        return self._binary(COMPARISONS[type(op)], one, other)

    def _presence(self, left: ast.expr, right: ast.expr, *, given: bool) -> Term:
        if not (isinstance(right, ast.Constant) and right.value is None):
            raise PackError(
                f"'is' is only for 'is None' in {self._text!r}",
                f"{self._text!r} 中的 'is' 只能用于 'is None'",
            )
        read = self.term(left).read
        return Term(lambda facts: isinstance(read(facts), Missing) is not given)

    def typed(self, term: Term, beside: Term) -> Term:
        """A constant in the terms of the fact it is compared with."""
        if term.constant is None or beside.kind is None or not beside.kind.choices:
            return term
        value = constant_of(term.constant, beside.kind, self._text)
        return Term(lambda _: value, constant=value)

    @staticmethod
    def _binary(operate: Callable[..., object], one: Term, other: Term) -> Term:
        left, right = one.read, other.read

        def evaluate(facts: Facts) -> object:
            a, b = left(facts), right(facts)
            if isinstance(a, Missing) or isinstance(b, Missing):
                return missing_of((a, b))
            return operate(a, b)

        return Term(evaluate)


def fact(name: str, label: str) -> Reading:
    absent = Missing.of(label)

    def read(facts: Facts) -> object:
        value = facts.get(name)
        return absent if value is None else value

    return read


def constant_of(constant: object, kind: Kind, text: str) -> object:
    if isinstance(constant, tuple):
        return tuple(constant_of(item, kind, text) for item in constant)
    if constant not in kind.choices:
        known = ", ".join(kind.choices)
        raise PackError(
            f"{constant!r} is not one of {known} in {text!r}",
            f"{text!r} 中的 {constant!r} 不在 {known} 之内",
        )
    return Level(str(constant)) if kind.name == "level" else constant


def parameter(value: object) -> object:
    """Lists as tuples, and decimal text as decimals."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, str) and value.replace(".", "", 1).isdigit():
        return Decimal(value)
    return value
