"""Checked conditions as Python source, so that a pack is decided without walking trees.

`customer.age >= 65` becomes
`(customer_age if (customer_age.__class__ is Missing) else customer_age >= k0)`: true, false or
what is missing, as `Expression.evaluate` says it. Nothing of a pack's text gets into the
source: facts are named after our own catalogue, definitions and constants are numbered.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.suitability.domain.expression import Compiler, Term, Vocabulary
from services.suitability.domain.truth import Missing, missing_of

OPERATORS: dict[type[ast.AST], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Add: "+",
    ast.Mult: "*",
}


@dataclass(frozen=True)
class Code:
    """The source of a part; *known* when it cannot be Missing, *flag* when else it is a bool."""

    source: str
    known: bool = False
    flag: bool = False

    @property
    def settled(self) -> bool:
        """Python's own `and`, `or` and `not` say of it what three values would."""
        return self.known and self.flag


@dataclass
class Translation:
    """*slots* says which variable holds a fact or a definition, and what is known of it.

    *constants* are what the source refers to as k0, k1, …
    """

    vocabulary: Vocabulary
    slots: Mapping[str, Code]
    constants: list[object] = field(default_factory=list)
    _temporaries: int = 0

    def condition(self, tree: ast.expr) -> Code:
        self._temporaries = 0
        return self._part(tree)

    def constant(self, value: object) -> Code:
        if isinstance(value, bool):
            return Code(str(value), True, True)
        self.constants.append(value)
        return Code(f"k{len(self.constants) - 1}", True)

    def _part(self, node: ast.expr) -> Code:
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return self._joined(values, winner=False)
            case ast.BoolOp(op=ast.Or(), values=values):
                return self._joined(values, winner=True)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._negation(self._part(operand))
            case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() as op]):
                sign = "is" if isinstance(op, ast.Is) else "is not"
                return Code(f"({self._part(left).source}.__class__ {sign} Missing)", True, True)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                one, other = self._typed(left, right), self._typed(right, left)
                return self._operation(OPERATORS[type(op)], one, other, flag=True)
            case ast.BinOp(left=left, op=op, right=right):
                return self._operation(OPERATORS[type(op)], self._part(left), self._part(right))
            case ast.Attribute(value=ast.Name(id=section), attr=name) if section != "parameter":
                return self.slots[f"{section}.{name}"]
        return self.constant(self._term(node).constant)

    def _joined(self, nodes: Sequence[ast.expr], *, winner: bool) -> Code:
        """One part that is *winner* settles it; else what is Missing in any part; else not."""
        parts = [self._part(node) for node in nodes]
        if all(part.settled for part in parts):
            word = " or " if winner else " and "
            return Code(f"({word.join(part.source for part in parts)})", True, True)
        tests, open_parts = list[str](), list[str]()
        for part in parts:
            if part.settled:
                tests.append(part.source if winner else f"not {part.source}")
            else:
                read, first = self._named(part)
                tests.append(f"{first} is {winner}")
                open_parts.append(read)
        if len(open_parts) == 1 and all(part.flag for part in parts):
            return Code(f"({winner} if {' or '.join(tests)} else {open_parts[0]})", flag=True)
        agreed = f"{' is '.join(open_parts)} is {not winner}"
        rest = f"{not winner} if {agreed} else unknown({', '.join(open_parts)}) or {not winner}"
        return Code(f"({winner} if {' or '.join(tests)} else {rest})", flag=True)

    def _negation(self, part: Code) -> Code:
        if part.known:
            return Code(f"(not {part.source})", True, True)
        read, first = self._named(part)
        return Code(f"({read} if {first}.__class__ is Missing else not {read})", flag=True)

    def _operation(self, operator: str, one: Code, other: Code, *, flag: bool = False) -> Code:
        """Missing when an operand is; both are read, so that all that is missing is named."""
        (left, first), (right, second) = self._named(one), self._named(other)
        operation = f"{left} {operator} {right}"
        if one.known and other.known:
            return Code(f"({operation})", True, flag)
        tests = [
            f"({read}.__class__ is Missing)"
            for read, part in ((first, one), (second, other))
            if not part.known
        ]
        if one.known or other.known:
            missing = right if one.known else left
            return Code(f"({missing} if {tests[0]} else {operation})", flag=flag)
        missing = f"unknown({left}, {right}) if {' | '.join(tests)}"
        return Code(f"({missing} else {operation})", flag=flag)

    def _named(self, part: Code) -> tuple[str, str]:
        """How a part is read again, and how the first time, when it is given a name."""
        if part.known or part.source.isidentifier():
            return part.source, part.source
        name = self._temporary()
        return name, f"({name} := {part.source})"

    def _typed(self, node: ast.expr, beside: ast.expr) -> Code:
        """A constant in the terms of the fact it is compared with."""
        term = self._term(node)
        if term.constant is None:
            return self._part(node)
        return self.constant(self._compiler.typed(term, self._term(beside)).constant)

    def _term(self, node: ast.expr) -> Term:
        return self._compiler.term(node)

    @property
    def _compiler(self) -> Compiler:
        return Compiler("", self.vocabulary)

    def _temporary(self) -> str:
        self._temporaries += 1
        return f"t{self._temporaries}"


def unknown(*values: object) -> Missing | None:
    return missing_of(values)
