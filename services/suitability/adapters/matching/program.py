"""Gates as a straight list of numpy calls on planes, with as few planes as can be."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.suitability.adapters.matching.planes import Words
from services.suitability.domain.circuit import AND, ATOM, FALSE, NOT, TRUE, Circuit
from services.suitability.domain.mask_atoms import Atom

CALLS: dict[str, np.ufunc] = {AND: np.bitwise_and, NOT: np.invert}
Step = tuple[str, tuple[int, ...], int]  # what is done to which planes, and into which
ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


class Program:
    """Works out the *wanted* gates; each has a plane of its own at its place."""

    def __init__(self, circuit: Circuit, wanted: Iterable[int]) -> None:
        self.wanted = tuple(dict.fromkeys(wanted))
        self.atoms: list[tuple[Atom, int]] = []
        self.steps: list[Step] = []
        self.constants: list[tuple[int, int]] = []
        self.planes = len(self.wanted)
        self._write(circuit)

    def bound(self, words: int) -> "Bound":
        """With planes of so many words, to be run again and again."""
        return Bound(self, words)

    def _write(self, circuit: Circuit) -> None:
        order = list(circuit.behind(self.wanted))
        last = {read: gate for gate in order for read in circuit.read_by(gate)}
        places = {gate: place for place, gate in enumerate(self.wanted)}
        for gate in order:
            if not circuit.read_by(gate) and gate not in places:
                places[gate] = self._new_plane()
        kept, free = set(places.values()), list[int]()
        for gate in order:
            reads = circuit.read_by(gate)
            if gate not in places:
                places[gate] = free.pop() if free else self._new_plane()
            self._gate(circuit, gate, tuple(places[read] for read in reads), places[gate])
            free += {places[read] for read in reads if last[read] == gate} - kept

    def _new_plane(self) -> int:
        self.planes += 1
        return self.planes - 1

    def _gate(self, circuit: Circuit, gate: int, reads: tuple[int, ...], place: int) -> None:
        kind, atom, _ = circuit.gates[gate]
        if gate in (FALSE, TRUE):
            self.constants.append((place, gate))
        elif kind == ATOM:
            self.atoms.append((atom, place))  # type: ignore[arg-type]
        else:
            self.steps.append((kind, reads, place))


class Bound:
    """*planes* and the calls that fill them."""

    def __init__(self, program: Program, words: int) -> None:
        self._program = program
        self.planes: NDArray[np.uint64] = np.zeros((program.planes, words), np.uint64)
        for place, gate in program.constants:
            self.planes[place] = ALL if gate == TRUE else 0
        self._atoms: Sequence[tuple[Atom, Words]] = [
            (atom, self.planes[place]) for atom, place in program.atoms
        ]
        self._calls: list[tuple[Any, tuple[Words, ...]]] = [
            (CALLS.get(kind, np.bitwise_or), tuple(self.planes[p] for p in (*reads, place)))
            for kind, reads, place in program.steps
        ]

    def run(self, plane: Callable[[Atom], Words]) -> NDArray[np.uint64]:
        """The planes of what was wanted, in its order; valid until the next run."""
        for atom, place in self._atoms:
            np.copyto(place, plane(atom))
        return self.calculate()

    def calculate(self) -> NDArray[np.uint64]:
        """The bare calls, on the planes of the atoms as they are."""
        for call, planes in self._calls:
            call(*planes)
        return self.planes[: len(self._program.wanted)]
