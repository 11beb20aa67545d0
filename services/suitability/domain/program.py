"""A rule pack as one Python function, so that a decision reads each fact once.

The function works out definitions and the conditions of all rules in the order of the pack,
and says what was true, false or missing; what a rule makes of that is said in `ruling`. It is
generated from the checked conditions alone, see `translation`; `Program.source` shows it:

    if active[12]:
        s = (False if not d4 or ... else ...)
        if s is not False:
            found.append(((12, s, <first clause>, <second clause>), None))
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from services.suitability.domain.catalogue import GIVEN, KINDS
from services.suitability.domain.expression import Expression, Vocabulary
from services.suitability.domain.pack import Definition, Rule
from services.suitability.domain.sale import DEFAULTS
from services.suitability.domain.translation import Code, Translation, unknown
from services.suitability.domain.truth import Facts, Missing
from services.suitability.domain.values import FLAG

LABELS = {name: fact.label for name, fact in GIVEN.items()}
ABSENT = {name: Missing.of(LABELS.get(name, name)) for name in KINDS}
NEVER_MISSING = {*DEFAULTS, "sale.on"}
INDENT = "    "

# The number of the rule, what its scope is, what the condition of each clause is, and what
# the parameters of obligations are that depend on facts.
Truths = tuple[object, ...]
# Beside the truths, conclusions that the rule read before they were settled.
Found = list[tuple[Truths, Facts | None]]


@dataclass(frozen=True)
class Program:
    """*work_out* takes facts by name and, for each rule, whether it applies on the day."""

    source: str
    work_out: Callable[[Facts, Sequence[bool]], tuple[Found, Facts]]


def program(steps: Sequence[Definition | Rule], parameters: Mapping[str, object]) -> Program:
    writer = Writer(steps, parameters)
    source = "\n".join(writer.lines())
    names = {
        "Missing": Missing,
        "unknown": unknown,
        "read": itemgetter(*KINDS),
        "ABSENT": ABSENT,
        **{f"k{place}": value for place, value in enumerate(writer.translation.constants)},
    }
    exec(compile(source, "<rule pack>", "exec"), names)  # noqa: S102
    return Program(source, names["work_out"])  # type: ignore[arg-type]


class Writer:
    """Writes the function line by line."""

    def __init__(
        self, steps: Sequence[Definition | Rule], parameters: Mapping[str, object]
    ) -> None:
        self._steps = steps
        self._slots = {name: fact_slot(name) for name in KINDS}
        definitions = [step.name for step in steps if isinstance(step, Definition)]
        kinds = KINDS | dict.fromkeys(definitions, FLAG)
        self.translation = Translation(Vocabulary(kinds, LABELS, parameters), self._slots)
        self._rules = [step for step in steps if isinstance(step, Rule)]
        self._concluded = dict.fromkeys(rule.concludes[0] for rule in self._rules if rule.concludes)

    def lines(self) -> Iterator[str]:
        yield "def work_out(facts, active):"
        yield f"{INDENT}{', '.join(map(slot, KINDS))} = read({{**ABSENT, **facts}})"
        yield f"{INDENT}found = []"
        number = 0
        for place, step in enumerate(self._steps):
            if isinstance(step, Definition):
                yield INDENT + self._definition(f"d{place}", step)
            else:
                yield f"{INDENT}if active[{number}]{self._open(step)}:"
                body = self._conclude if step.concludes else self._apply
                yield from (INDENT * 2 + line for line in body(number, step))
                number += 1
        settled = ", ".join(f"{name!r}: {slot(name)}" for name in self._concluded)
        yield f"{INDENT}return found, {{{settled}}}"

    def _definition(self, variable: str, step: Definition) -> str:
        code = self._code(step.condition)
        self._slots[step.name] = Code(variable, code.known, code.flag)
        return f"{variable} = {code.source}"

    def _open(self, rule: Rule) -> str:
        """The first rule that holds settles a conclusion."""
        return f" and {slot(rule.concludes[0])}.__class__ is Missing" if rule.concludes else ""

    def _conclude(self, number: int, rule: Rule) -> Iterator[str]:
        """Until it is settled, a conclusion is as unknown as its causes."""
        assert rule.concludes is not None
        name, value = rule.concludes
        concluded = slot(name)
        settled = self.translation.constant(value).source
        yield f"s = {self._code(rule.scope).source}"
        yield "if s is True:"
        early = self._early(number, rule)
        yield f"{INDENT}{concluded} = {settled}"
        yield f"{INDENT}found.append((({number}, s), {early}))"
        yield "elif s.__class__ is Missing:"
        unsaid = f"{concluded} is ABSENT[{name!r}]"
        yield f"{INDENT}{concluded} = s if {unsaid} else unknown(s, {concluded})"

    def _apply(self, number: int, rule: Rule) -> Iterator[str]:
        truths = [str(number), "s"]
        parameters = []
        for place, clause in enumerate(rule.clauses):
            when, terms = self._code(clause.when).source, clause.obligation
            values = [self._code(value).source for value in terms.reckoned] if terms else []
            truths.append(f"(w{place} := {when})" if values else when)
            fires = f"s is True and w{place} is True"
            parameters += [f"({value} if {fires} else None)" for value in values]
        yield f"s = {self._code(rule.scope).source}"
        yield "if s is not False:"
        said = ", ".join(truths + parameters)
        yield f"{INDENT}found.append((({said}), {self._early(number, rule)}))"

    def _early(self, number: int, rule: Rule) -> str:
        """What the rule reads although a later rule, or itself, may conclude it."""
        later = {rule.concludes[0] for rule in self._rules[number:] if rule.concludes}
        names = [name for name in rule.reads if name in later]
        return f"{{{', '.join(f'{name!r}: {slot(name)}' for name in names)}}}" if names else "None"

    def _code(self, expression: Expression) -> Code:
        return self.translation.condition(expression.tree)


def slot(name: str) -> str:
    """Only for names of the catalogue, which are ours."""
    return name.replace(".", "_")


def fact_slot(name: str) -> Code:
    kind = KINDS[name]
    return Code(slot(name), name in NEVER_MISSING, kind is FLAG)
