"""A rule pack for many clients at once: for one product and request, which clients it blocks.

Everything but the client is filled in, so that what is left are gates over atoms, each a
question about the client alone. A condition is two gates: true, and false; what is missing is
neither (see `truth`). Products that leave the same gates share them.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.suitability.domain.catalogue import KINDS
from services.suitability.domain.circuit import FALSE, TRUE, Circuit
from services.suitability.domain.expression import Compiler, Expression, Vocabulary
from services.suitability.domain.mask_atoms import (
    CLIENT,
    LARGEST,
    UNKNOWN,
    Answer,
    AtLeast,
    Given,
    all_answers,
    asks_absence,
    first_amount,
    names_in,
    one_amount,
    presence_of,
)
from services.suitability.domain.pack import Clause, Definition, Pack, Rule, Verdict
from services.suitability.domain.program import LABELS
from services.suitability.domain.sale import Sale
from services.suitability.domain.truth import Missing
from services.suitability.domain.values import FLAG

Pair = tuple[int, int]  # the gates that say true, and false


@dataclass(frozen=True)
class Cases:
    """A value that depends on the client: what it can be, and the gate of each; else missing."""

    values: tuple[tuple[object, int], ...]


@dataclass(frozen=True)
class RuleMask:
    """Where a rule blocks; and where it requires something, unless it blocks."""

    rule: Rule
    block: int
    require: int


@dataclass(frozen=True)
class Mask:
    """Where any rule blocks; where any requires, unless one blocks. *rules* that ever do."""

    block: int
    require: int
    rules: tuple[RuleMask, ...]


class Masks:
    """Of one pack on one day of the institution's zone."""

    def __init__(self, pack: Pack, on: date) -> None:
        self.pack = pack
        self.on = on
        self.window_months = int(str(pack.parameters["assessment_window_months"]))
        self.circuit = Circuit()
        definitions = [step.name for step in pack.steps if isinstance(step, Definition)]
        kinds = KINDS | dict.fromkeys(definitions, FLAG)
        self._compiler = Compiler("", Vocabulary(kinds, LABELS, pack.parameters))
        self._known: dict[object, Pair] = {}

    def of(self, sale: Sale) -> Mask:
        """*sale* says everything but who the client is."""
        facts = sale.facts(self.on, window_months=self.window_months)
        values = {name: UNKNOWN if isinstance(v, Missing) else v for name, v in facts.items()}
        known = {name: values.get(name, UNKNOWN) for name in KINDS if name not in CLIENT}
        rules = tuple(self._rules(known))
        circuit = self.circuit
        block = circuit.any(rule.block for rule in rules)
        require = circuit.any(rule.require for rule in rules)
        return Mask(block, circuit.both(require, circuit.negation(block)), rules)

    def _rules(self, known: dict[str, object]) -> Iterator[RuleMask]:
        for step in self.pack.steps:
            if isinstance(step, Definition):
                known[step.name] = self._said(self._truth(step.condition, known))
            elif step.enabled and self.on >= step.in_force_from:
                if step.concludes:
                    self._conclude(*step.concludes, step.scope, known)
                    continue
                mask = self._applied(step, known)
                if (mask.block, mask.require) != (FALSE, FALSE):
                    yield mask

    def _said(self, truth: Pair) -> object:
        if TRUE in truth:
            return truth[0] == TRUE
        return UNKNOWN if truth == (FALSE, FALSE) else Cases(tuple(zip((True, False), truth)))  # noqa: B905

    def _conclude(
        self, name: str, value: object, scope: Expression, known: dict[str, object]
    ) -> None:
        """The first rule that holds settles a conclusion."""
        before = known[name]
        cases = before.values if isinstance(before, Cases) else ()
        if before is not UNKNOWN and not cases:
            return
        circuit = self.circuit
        still_open = circuit.negation(circuit.any(gate for _, gate in cases))
        now = circuit.both(still_open, self._truth(scope, known)[0])
        gates = dict(cases)
        gates[value] = circuit.either(gates.get(value, FALSE), now)
        settled = [each for each, gate in gates.items() if gate == TRUE]
        possible = tuple(item for item in gates.items() if item[1] != FALSE)
        known[name] = settled[0] if settled else Cases(possible) if possible else UNKNOWN

    def _applied(self, rule: Rule, known: dict[str, object]) -> RuleMask:
        """A clause that fires has its verdict; what is missing for it is required."""
        circuit = self.circuit
        applies, not_applies = self._truth(rule.scope, known)
        if not rule.clauses:
            return RuleMask(rule, FALSE, circuit.negation(circuit.either(applies, not_applies)))
        if not_applies == TRUE:
            return RuleMask(rule, FALSE, FALSE)
        blocks, requires = [], []
        for clause in rule.clauses:
            fires, fires_not = self._truth(clause.when, known)
            fired = circuit.both(applies, fires)
            asked = circuit.negation(circuit.either(not_applies, fires_not))
            blocks += [fired] if clause.verdict is Verdict.BLOCK else []
            requires.append(
                asked if _stops(clause) else circuit.both(asked, circuit.negation(fired))
            )
        block = circuit.any(blocks)
        require = circuit.both(circuit.any(requires), circuit.negation(block))
        return RuleMask(rule, block, require)

    def _truth(self, condition: Expression, known: dict[str, object]) -> Pair:
        key = (id(condition), *(known.get(name) for name in condition.names))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._part(condition.tree, known)
        return found

    def _part(self, node: ast.expr, known: dict[str, object]) -> Pair:
        circuit = self.circuit
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                parts = [self._part(value, known) for value in values]
                return circuit.all(t for t, _ in parts), circuit.any(f for _, f in parts)
            case ast.BoolOp(values=values):
                parts = [self._part(value, known) for value in values]
                return circuit.any(t for t, _ in parts), circuit.all(f for _, f in parts)
            case ast.UnaryOp(operand=operand):
                true, false = self._part(operand, known)
                return false, true
        names = names_in(node)
        return self._cases(node, names, {n: known[n] for n in names if n not in CLIENT})

    def _cases(self, node: ast.expr, names: Iterable[str], bound: dict[str, object]) -> Pair:
        """What depends on the client by other gates is taken case by case."""
        circuit = self.circuit
        for name, value in bound.items():
            if isinstance(value, Cases):
                rest = circuit.negation(circuit.any(gate for _, gate in value.values))
                true = false = FALSE
                for each, gate in (*value.values, (UNKNOWN, rest)):
                    one, other = self._cases(node, names, {**bound, name: each})
                    true = circuit.either(true, circuit.both(gate, one))
                    false = circuit.either(false, circuit.both(gate, other))
                return true, false
        return self._leaf(node, tuple(name for name in names if name in CLIENT), bound)

    def _leaf(self, node: ast.expr, clients: tuple[str, ...], bound: dict[str, object]) -> Pair:
        text = ast.unparse(node)
        key = (text, tuple(bound.items()))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._asked(
                node, Answer(*key, clients, True, self._compiler.term(node).read)
            )
        return found

    def _asked(self, node: ast.expr, answer: Answer) -> Pair:
        if name := presence_of(node):
            given = self.circuit.atom(Given(name))
            absent = self.circuit.negation(given)
            return (absent, given) if asks_absence(node) else (given, absent)
        amount = one_amount(node, self.pack.parameters)
        return self._amount(amount, answer) if amount else self._answer(answer)

    def _answer(self, answer: Answer) -> Pair:
        circuit, names = self.circuit, answer.names
        always = all_answers(answer)
        true, false = (
            circuit.atom(Answer(answer.text, answer.bound, names, truth, answer.read))
            for truth in (True, False)
        )
        if always is None:
            return true, false
        if always == {True, False}:
            return true, circuit.negation(true)
        return (
            TRUE if always == {True} else true if True in always else FALSE,
            TRUE if always == {False} else false if False in always else FALSE,
        )

    def _amount(self, name: str, answer: Answer) -> Pair:
        """Order does not change twice, so one amount tells both sides apart."""
        circuit = self.circuit
        facts = dict(answer.bound)
        said = [answer.read({**facts, name: amount}) for amount in (LARGEST * 0, LARGEST)]
        if any(isinstance(one, Missing) for one in said):
            return FALSE, FALSE
        given = circuit.atom(Given(name))
        if said[0] is said[1]:
            return (given, FALSE) if said[0] else (FALSE, given)
        ends = said[1] is True
        border = first_amount(lambda amount: answer.holds({name: amount}), ends)
        above = circuit.atom(AtLeast(name, border))
        below = circuit.both(given, circuit.negation(above))
        return (above, below) if ends else (below, above)


def _stops(clause: Clause) -> bool:
    return clause.verdict is not Verdict.ALLOW
