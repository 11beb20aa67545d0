"""Gates over atoms 位运算电路: and, or, not, each made once, however often it is asked for."""

from collections.abc import Hashable, Iterable, Iterator
from functools import reduce

FALSE, TRUE = 0, 1
ATOM, NOT, AND, OR = "atom", "not", "and", "or"

Gate = tuple[str, Hashable, int]  # what it does, and the gates, or the atom, that it reads


class Circuit:
    """Gates by number; a gate reads only gates of lower numbers. 0 is false, 1 is true."""

    def __init__(self) -> None:
        self.gates: list[Gate] = [("false", 0, 0), ("true", 0, 0)]
        self._numbers: dict[Gate, int] = {gate: place for place, gate in enumerate(self.gates)}

    def atom(self, atom: Hashable) -> int:
        return self._gate((ATOM, atom, 0))

    def negation(self, one: int) -> int:
        if one in (FALSE, TRUE):
            return TRUE - one
        kind, inner, _ = self.gates[one]
        return _number(inner) if kind == NOT else self._gate((NOT, one, 0))

    def both(self, one: int, other: int) -> int:
        return self._joined(AND, one, other, settles=FALSE, passes=TRUE)

    def either(self, one: int, other: int) -> int:
        return self._joined(OR, one, other, settles=TRUE, passes=FALSE)

    def all(self, gates: Iterable[int]) -> int:
        return reduce(self.both, gates, TRUE)

    def any(self, gates: Iterable[int]) -> int:
        return reduce(self.either, gates, FALSE)

    def behind(self, wanted: Iterable[int]) -> Iterator[int]:
        """The gates that *wanted* need, themselves included, in an order they can be worked out."""
        needed: set[int] = set()
        waiting = list(wanted)
        while waiting:
            number = waiting.pop()
            if number not in needed:
                needed.add(number)
                waiting += self.read_by(number)
        return iter(sorted(needed))

    def read_by(self, number: int) -> tuple[int, ...]:
        kind, one, other = self.gates[number]
        if kind == NOT:
            return (_number(one),)
        return (_number(one), other) if kind in (AND, OR) else ()

    def _joined(self, kind: str, one: int, other: int, *, settles: int, passes: int) -> int:
        if one == other or other == passes:
            return one
        if one == passes:
            return other
        if settles in (one, other) or self._opposed(one, other):
            return settles
        return self._gate((kind, min(one, other), max(one, other)))

    def _opposed(self, one: int, other: int) -> bool:
        lower, upper = sorted((one, other))
        return self.gates[upper] == (NOT, lower, 0)

    def _gate(self, gate: Gate) -> int:
        number = self._numbers.get(gate)
        if number is None:
            number = self._numbers[gate] = len(self.gates)
            self.gates.append(gate)
        return number


def _number(read: Hashable) -> int:
    assert isinstance(read, int)
    return read
