"""What each part of a condition is, so that none can fail when a sale is decided.

A number is not compared with a word, a level only with levels; nothing is deeper, longer or
larger than a person would write it.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.suitability.domain.expression import PackError
from services.suitability.domain.values import Kind

LONGEST = 2000  # characters
MOST_PARTS = 300
DEEPEST = 30
MOST_PRODUCTS = 4
LARGEST = 10**15

EXACT = ("amount", "whole", "decimal")  # decimals and whole numbers
NUMBERS = (*EXACT, "number")  # and years, which may be fractions
ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


@dataclass(frozen=True)
class Type:
    """*of* are the types in a list; *choices* what a word can be."""

    name: str
    choices: tuple[str, ...] = ()
    of: tuple["Type", ...] = ()

    @property
    def numeric(self) -> bool:
        return self.name in NUMBERS

    @property
    def wordy(self) -> bool:
        return self.name in ("choice", "text")


FLAG = Type("flag")


def refuse_unreasonable(text: str) -> None:
    """Before a text is parsed and compiled: neither may be asked for too much."""
    if len(text) > LONGEST:
        raise PackError(
            f"a condition has at most {LONGEST} characters", f"条件式最多 {LONGEST} 个字符"
        )
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        told = error.msg if isinstance(error, SyntaxError) else "it cannot be read"
        raise PackError(f"{text[:80]!r}: {told}", f"{text[:80]!r} 不是条件式") from None
    parts = list(_depths(tree.body))
    products = sum(isinstance(node, ast.Mult) for node in ast.walk(tree))
    if len(parts) > MOST_PARTS or max(parts) > DEEPEST or products > MOST_PRODUCTS:
        raise PackError(
            f"{text[:80]!r} is too large; split it into definitions",
            f"{text[:80]!r} 过于复杂，请拆分为定义",
        )


def _depths(root: ast.AST) -> Iterator[int]:
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield depth
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]


@dataclass(frozen=True)
class Typing:
    """Raises PackError for what could not be worked out."""

    kinds: Mapping[str, Kind]
    parameters: Mapping[str, object]

    def check_condition(self, tree: ast.expr) -> None:
        if self.of(tree) != FLAG:
            raise not_true_or_false(tree)

    def of(self, node: ast.expr) -> Type:
        match node:
            case ast.BoolOp(values=values):
                return self._flags(values)
            case ast.UnaryOp(operand=operand):
                return self._flags([operand])
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._comparison(node, left, op, right)
            case ast.BinOp(left=left, right=right):
                return self._calculation(node, self.of(left), self.of(right))
            case ast.Attribute(value=ast.Name(id="parameter"), attr=name):
                return type_of(self.parameters[name])
            case ast.Attribute(value=ast.Name(id=section), attr=name):
                kind = self.kinds[f"{section}.{name}"]
                return Type(kind.name, kind.choices)
            case ast.Constant(value=value):
                return type_of(value)
            case ast.List(elts=items):
                return Type("list", of=tuple(self.of(item) for item in items))
        raise PackError(f"{ast.unparse(node)!r} may not be used", f"不得使用 {ast.unparse(node)!r}")

    def _flags(self, nodes: list[ast.expr]) -> Type:
        for node in nodes:
            self.check_condition(node)
        return FLAG

    def _comparison(self, node: ast.expr, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Type:
        if isinstance(op, ast.Is | ast.IsNot):
            return FLAG
        one, other = self.of(left), self.of(right)
        if isinstance(op, ast.In | ast.NotIn):
            fits = is_in(one, other)
        elif isinstance(op, ORDERED):
            fits = like(one, other) and not one.wordy and one.name not in ("flag", "list")
        else:
            fits = like(one, other)
        if not fits:
            raise PackError(
                f"{ast.unparse(node)!r} compares what cannot be compared",
                f"{ast.unparse(node)!r} 比较的两边不可比",
            )
        return FLAG

    def _calculation(self, node: ast.expr, one: Type, other: Type) -> Type:
        """Years may be fractions, which are not calculated with exact amounts."""
        if one.name == other.name == "whole":
            return one
        if one.name in EXACT and other.name in EXACT:
            return Type("decimal")
        whole = ("whole", "number")
        if one.name in whole and other.name in whole:
            return Type("number")
        raise PackError(
            f"{ast.unparse(node)!r} cannot be calculated", f"{ast.unparse(node)!r} 无法计算"
        )


def type_of(value: object) -> Type:
    """Of a constant."""
    match value:
        case bool():
            return FLAG
        case int() if abs(value) <= LARGEST:
            return Type("whole")
        case Decimal():
            return Type("decimal")
        case str():
            return Type("text", (value,))
        case tuple():
            return Type("list", of=tuple(type_of(item) for item in value))
    raise PackError(f"{str(value)[:40]} is too large", f"{str(value)[:40]} 过大")


def like(one: Type, other: Type) -> bool:
    """Whether the one can be equal to the other."""
    if one.numeric or other.numeric:
        return one.numeric and other.numeric
    if "level" in (one.name, other.name):
        return {one.name, other.name} <= {"level", "text"}
    if one.wordy and other.wordy:
        return True
    return one.name == other.name and one.name in ("flag", "day")


def is_in(one: Type, many: Type) -> bool:
    if many.name == "choices":
        return one.name == "text" and one.choices[0] in many.choices
    return many.name == "list" and all(like(one, item) for item in many.of)


def not_true_or_false(node: ast.expr) -> PackError:
    said = ast.unparse(node)
    return PackError(f"{said!r} is not true or false", f"{said!r} 不是真假判断")
