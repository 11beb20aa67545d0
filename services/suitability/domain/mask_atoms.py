"""What a mask asks of the facts of each client, with everything else already filled in."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product as every_pair
from math import prod

from services.suitability.domain.catalogue import CUSTOMER, DERIVED, KINDS
from services.suitability.domain.condition_types import ORDERED
from services.suitability.domain.program import NEVER_MISSING
from services.suitability.domain.truth import Missing, Reading
from services.suitability.domain.values import FLAG

CLIENT = frozenset(
    {fact.name for fact in CUSTOMER}
    | {name for name in DERIVED if name.startswith(("customer.", "assessment."))}
)
UNKNOWN = Missing.of()
CENTS_OF_CENTS = 10**8  # the smallest step of an amount, see values.PLAIN_DECIMAL
MOST_STEPS = 10**24
MOST_COMBINED = 64


@dataclass(frozen=True)
class Given:
    """Whether the fact is known."""

    name: str


@dataclass(frozen=True)
class AtLeast:
    """Whether an amount is known, and is not below *amount*."""

    name: str
    amount: Decimal


@dataclass(frozen=True)
class Answer:
    """Whether a condition on the facts *names* is *truth*, given the *bound* other values."""

    text: str
    bound: tuple[tuple[str, object], ...]
    names: tuple[str, ...]
    truth: bool
    read: Reading = field(compare=False, repr=False)

    def holds(self, facts: Mapping[str, object]) -> bool:
        """*facts* by name; those not known are left out."""
        return self.read({**dict(self.bound), **facts}) is self.truth


Atom = Given | AtLeast | Answer


def names_in(node: ast.expr) -> tuple[str, ...]:
    """The facts, definitions and conclusions that a condition names; not its parameters."""
    named = [
        f"{part.value.id}.{part.attr}"
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name)
    ]
    return tuple(name for name in dict.fromkeys(named) if not name.startswith("parameter."))


def presence_of(node: ast.expr) -> str | None:
    """The fact of the client that is asked for with `is None` or `is not None`."""
    match node:
        case ast.Compare(left=ast.Attribute() as left, ops=[ast.Is() | ast.IsNot()]):
            return next((name for name in names_in(left) if name in CLIENT), None)
    return None


def asks_absence(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Is)


def rises(node: ast.expr, parameters: Mapping[str, object]) -> bool:
    """Whether a calculation never gets smaller when a fact in it, none below zero, gets larger."""
    match node:
        case ast.Attribute(value=ast.Name(id="parameter"), attr=name):
            return _not_negative(parameters[name])
        case ast.Attribute():
            return True
        case ast.Constant(value=value):
            return _not_negative(value)
        case ast.BinOp(left=left, right=right):
            return rises(left, parameters) and rises(right, parameters)
    return False


def _not_negative(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and value >= 0


def one_amount(node: ast.expr, parameters: Mapping[str, object]) -> str | None:
    """The amount that alone decides a comparison by order, on one side of it and rising."""
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ORDERED):
        return None
    sides = [[name for name in names_in(side) if name in CLIENT] for side in _sides(node)]
    for side, mine, others in zip(_sides(node), sides, reversed(sides), strict=True):
        if len(mine) == 1 and not others and KINDS[mine[0]].name == "amount":
            return mine[0] if rises(side, parameters) else None
    return None


def _sides(node: ast.Compare) -> tuple[ast.expr, ast.expr]:
    return node.left, node.comparators[0]


def first_amount(holds: Callable[[Decimal], bool], truth: bool) -> Decimal:
    """The smallest amount from which on *holds* is *truth*; it is not for zero."""
    low, high = 0, MOST_STEPS - 1
    while high - low > 1:
        middle = (low + high) // 2
        if holds(amount_of(middle)) is truth:
            high = middle
        else:
            low = middle
    return amount_of(high)


def amount_of(steps: int) -> Decimal:
    return Decimal(steps) / CENTS_OF_CENTS


LARGEST = amount_of(MOST_STEPS - 1)


def all_answers(answer: Answer) -> set[object] | None:
    """True, False and UNKNOWN as they occur; nothing when there is too much to try."""
    options = [_choices(name) for name in answer.names]
    if not all(options) or prod(map(len, options)) > MOST_COMBINED:
        return None
    bound = dict(answer.bound)
    said = [
        answer.read({**bound, **dict(zip(answer.names, values, strict=True))})
        for values in every_pair(*options)
    ]
    return {UNKNOWN if isinstance(one, Missing) else one for one in said}


def _choices(name: str) -> tuple[object, ...]:
    kind = KINDS[name]
    known: tuple[object, ...] = (True, False) if kind is FLAG else ()
    if kind.name in ("choice", "level"):
        known = tuple(kind.read(choice) for choice in kind.choices)
    return known if not known or name in NEVER_MISSING else (*known, UNKNOWN)
