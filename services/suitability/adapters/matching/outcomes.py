"""Products against clients: who is blocked, who lacks something, and by which rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.suitability.adapters.matching.columns import Columns
from services.suitability.adapters.matching.planes import (
    KeptPlanes,
    Planes,
    Values,
    Words,
    unpacked,
    words_for,
)
from services.suitability.adapters.matching.program import Bound, Program
from services.suitability.domain.mask import Mask, Masks
from services.suitability.domain.pack import Rule, Verdict
from services.suitability.domain.sale import Sale

CHUNK = 1 << 16  # clients


@dataclass(frozen=True)
class Chunk:
    """Clients from row *start* on; *block* and *require* have a plane for each product.

    A bit stands in one of them or, where the outcome is ALLOW, in neither. The planes are good
    until the next chunk is asked for.
    """

    start: int
    count: int
    block: NDArray[np.uint64]
    require: NDArray[np.uint64]

    def outcome(self, product: int, row: int) -> Verdict:
        word, bit = divmod(row - self.start, 64)
        if self.block[product, word] >> np.uint64(bit) & np.uint64(1):
            return Verdict.BLOCK
        return (
            Verdict.REQUIRE
            if self.require[product, word] >> np.uint64(bit) & np.uint64(1)
            else Verdict.ALLOW
        )

    def where(self, product: int, outcome: Verdict) -> NDArray[np.intp]:
        """The rows with this outcome, in their order."""
        block, require = self.block[product], self.require[product]
        planes = {Verdict.BLOCK: block, Verdict.REQUIRE: require}
        found = planes.get(outcome, ~(block | require))
        return np.flatnonzero(unpacked(found, self.count)) + self.start


@dataclass(frozen=True)
class RuleOutcome:
    """Where one rule blocks; and where it requires something, unless it blocks."""

    rule: Rule
    block: Words
    require: Words


class Matching:
    """One pack on one day; each of *sales* says a product, a request and a seller, no client."""

    def __init__(self, masks: Masks, sales: Sequence[Sale]) -> None:
        self._masks = masks
        self._values: Values | None = None
        self.of: list[Mask] = [masks.of(sale) for sale in sales]
        wanted = [gate for mask in self.of for gate in (mask.block, mask.require)]
        self.program = Program(masks.circuit, wanted)
        place = {gate: at for at, gate in enumerate(self.program.wanted)}
        self._places = np.array([place[gate] for gate in wanted], np.intp).reshape(-1, 2)

    def over(
        self, columns: Columns, chunk: int = CHUNK, kept: KeptPlanes | None = None
    ) -> Iterator[Chunk]:
        """The clients of *columns*, so many at a time; *kept* has planes of earlier questions."""
        values = self._values_of(columns)
        found = np.zeros((2, len(self.of), 0), np.uint64)
        bound: Bound | None = None
        for start in range(0, columns.size, chunk):
            count = min(chunk, columns.size - start)
            words = words_for(count)
            if bound is None or words != found.shape[2]:
                bound = self.program.bound(words)
                found = np.zeros((2, len(self.of), words), np.uint64)
            stop = start + count
            fresh = Planes(columns, values, start, stop).plane
            distinct = bound.run(kept.between(start, stop) if kept else fresh)
            self.spread(distinct, found)
            yield Chunk(start, count, found[0], found[1])

    def _values_of(self, columns: Columns) -> Values:
        """What was asked of a value is not asked again."""
        if self._values is None or not self._values.are_of(columns):
            self._values = Values(columns, self._masks.on, self._masks.window_months)
        return self._values

    def spread(self, distinct: NDArray[np.uint64], found: NDArray[np.uint64]) -> None:
        """From a plane for each gate to one for each product: where it blocks, and requires."""
        for place in (0, 1):
            np.take(distinct, self._places[:, place], axis=0, out=found[place])

    def rules(self, product: int, columns: Columns, start: int, stop: int) -> list[RuleOutcome]:
        """Every rule that may block or require, on the clients of these rows."""
        values = self._values_of(columns)
        rules = self.of[product].rules
        program = Program(
            self._masks.circuit, [gate for one in rules for gate in (one.block, one.require)]
        )
        place = {gate: at for at, gate in enumerate(program.wanted)}
        bound = program.bound(words_for(stop - start))
        planes = bound.run(Planes(columns, values, start, stop).plane)
        return [
            RuleOutcome(one.rule, planes[place[one.block]], planes[place[one.require]])
            for one in rules
        ]
