"""A rule pack: the rules in force from a day on, as data, checked when it is loaded."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from services.suitability.domain.expression import Expression
from services.suitability.domain.truth import Missing


class Verdict(StrEnum):
    ALLOW = "ALLOW"
    REQUIRE = "REQUIRE"
    BLOCK = "BLOCK"

    @property
    def weight(self) -> int:
        return WEIGHTS[self]


WEIGHTS = {Verdict.ALLOW: 0, Verdict.REQUIRE: 1, Verdict.BLOCK: 2}


class Status(StrEnum):
    """How sure we are of a rule."""

    READ = "read"
    SECONDARY = "secondary"
    INTERPRETATION = "interpretation"
    DRAFT = "draft"
    UNVERIFIED = "unverified"


SHIPPED_OFF = frozenset({Status.DRAFT, Status.UNVERIFIED})


@dataclass(frozen=True)
class Regulation:
    zh: str
    en: str
    in_force_from: date


@dataclass(frozen=True)
class Sentence:
    zh: str
    en: str


@dataclass(frozen=True)
class ObligationTerms:
    """What a sale must go through; a parameter may be an expression over the facts."""

    name: str
    parameters: Mapping[str, object]

    @property
    def reckoned(self) -> tuple[Expression, ...]:
        return tuple(value for value in self.parameters.values() if isinstance(value, Expression))

    def resolved(self, values: Iterator[object]) -> dict[str, object]:
        """With the next of *values* for each reckoned parameter; unknown ones are left out."""
        terms = {
            key: next(values) if isinstance(value, Expression) else value
            for key, value in self.parameters.items()
        }
        return {key: value for key, value in terms.items() if not isinstance(value, Missing)}


@dataclass(frozen=True)
class Clause:
    """One thing a rule says: when it holds, the verdict and what follows."""

    when: Expression
    verdict: Verdict
    sentence: Sentence
    requires: tuple[str, ...] = ()
    obligation: ObligationTerms | None = None


@dataclass(frozen=True)
class Rule:
    id: str
    regulation: Regulation
    article: str
    status: Status
    enabled: bool
    in_force_from: date
    scope: Expression
    sentence: Sentence
    clauses: tuple[Clause, ...]
    reads: tuple[str, ...]
    concludes: tuple[str, object] | None = None
    assessment_holds_months: int | None = None  # how long the assessment it relies on is good


@dataclass(frozen=True)
class Definition:
    """A named condition that rules share."""

    name: str
    condition: Expression


@dataclass(frozen=True, eq=False)
class Pack:
    version: str
    effective_from: date
    parameters: Mapping[str, object]
    steps: tuple[Definition | Rule, ...]
    digest: str
    switched_on: frozenset[str] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        """The version, with the rules this institution switched on: `cn-2026-02+ASM-05`."""
        return "+".join([self.version, *sorted(self.switched_on)])

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(step for step in self.steps if isinstance(step, Rule))

    def as_on(self, day: date) -> "Pack":
        """With the rules that are in force on the day in force always, and no others: to ask what
        they would have made of sales before it.
        """
        steps = tuple(
            replace(
                step, enabled=step.enabled and step.in_force_from <= day, in_force_from=date.min
            )
            if isinstance(step, Rule)
            else step
            for step in self.steps
        )
        return replace(self, steps=steps)

    def switch_on(self, rule_ids: Iterable[str]) -> "Pack":
        """The same pack with rules that are shipped off applied; raise KeyError if unknown."""
        return _switched_on(self, frozenset(rule_ids))


@lru_cache(32)
def _switched_on(pack: Pack, wanted: frozenset[str]) -> Pack:
    """The same object for the same rules, so that it is made ready for deciding only once."""
    unknown = wanted - {rule.id for rule in pack.rules}
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    steps = tuple(
        replace(step, enabled=True) if isinstance(step, Rule) and step.id in wanted else step
        for step in pack.steps
    )
    return replace(pack, steps=steps, switched_on=pack.switched_on | wanted)
