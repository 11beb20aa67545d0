"""What a condition can be when some facts are missing: true, false, or unknown."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Facts = Mapping[str, object]
Reading = Callable[[Facts], object]


@dataclass(frozen=True)
class Missing:
    """Unknown, for want of the facts named."""

    names: frozenset[str]

    @staticmethod
    def of(*names: str) -> "Missing":
        return Missing(frozenset(names))


def missing_of(values: Iterable[object]) -> Missing | None:
    """The facts that are missing in any of *values*, or nothing."""
    names = [value.names for value in values if isinstance(value, Missing)]
    return Missing(frozenset().union(*names)) if names else None


def every(parts: tuple[Reading, ...]) -> Reading:
    """False as soon as one part is, whatever is missing in the others."""
    return _decided_by(False, parts)


def some(parts: tuple[Reading, ...]) -> Reading:
    """True as soon as one part is, whatever is missing in the others."""
    return _decided_by(True, parts)


def _decided_by(winner: bool, parts: tuple[Reading, ...]) -> Reading:
    def decide(facts: Facts) -> object:
        unknown: list[Missing] = []
        for part in parts:
            truth = part(facts)
            if truth is winner:
                return winner
            if isinstance(truth, Missing):
                unknown.append(truth)
        return missing_of(unknown) or (not winner)

    return decide


def negation(part: Reading) -> Reading:
    def negate(facts: Facts) -> object:
        truth = part(facts)
        return truth if isinstance(truth, Missing) else not truth

    return negate
