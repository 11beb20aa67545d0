"""What is asked of each client, as one bit per client."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_CEILING
from itertools import product as every_pair
from math import prod

import numpy as np
from numpy.typing import NDArray

from services.suitability.adapters.matching.columns import (
    ABSENT,
    MISSING,
    SOURCES,
    Amounts,
    Coded,
    Columns,
)
from services.suitability.domain.mask_atoms import Answer, AtLeast, Atom, Given
from services.suitability.domain.sale import Sale
from services.suitability.domain.truth import Missing

Words = NDArray[np.uint64]
Bits = NDArray[np.bool_]
MOST_COMBINED = 4096
BITS, EIGHT = 64, 8
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


class Values:
    """What each numbered value is, or what follows from it on a day; the lists only grow."""

    def __init__(self, columns: Columns, on: date, window_months: int) -> None:
        self._columns = columns
        self._on = on
        self._months = window_months
        self._derived: dict[str, list[object]] = {name: [] for name in SOURCES}
        self._tables: dict[Answer, Bits] = {}
        self._places: dict[Answer, int] = {}
        self._asked: dict[str, list[Answer]] = {}

    def are_of(self, columns: Columns) -> bool:
        return self._columns is columns

    def coded(self, name: str) -> Coded | None:
        """The column whose numbers stand for the values of a fact; nothing for an amount."""
        column = self._columns.by_name[SOURCES.get(name, name)]
        return column if isinstance(column, Coded) else None

    def of(self, name: str) -> Sequence[object]:
        column = self.coded(name)
        assert column is not None
        if name not in SOURCES:
            return column.values
        known = self._derived[name]
        for value in column.values[len(known) :]:
            known.append(self._follows(name, value))
        return known

    def table(self, atom: Answer) -> Bits:
        """Whether it holds, by the number of the value of the one fact it reads."""
        (name,) = atom.names
        values = self.of(name)
        table = self._tables.get(atom, np.zeros(0, np.bool_))
        if len(table) < len(values):
            more = [atom.holds(_facts((name,), (value,))) for value in values[len(table) :]]
            table = self._tables[atom] = np.concatenate([table, np.array(more, np.bool_)])
        return table

    def place(self, atom: Answer) -> int:
        """Among all that is asked of the fact it reads."""
        if atom not in self._places:
            asked = self._asked.setdefault(atom.names[0], [])
            self._places[atom] = len(asked)
            asked.append(atom)
        return self._places[atom]

    def eight(self, name: str, first: int) -> NDArray[np.uint8]:
        """The tables of up to eight atoms that were placed from *first* on, one in each bit."""
        tables = [self.table(atom) for atom in self._asked[name][first : first + EIGHT]]
        eight: NDArray[np.uint8] = np.packbits(np.array(tables), axis=0, bitorder="little")[0]
        return eight

    def asked(self, name: str) -> int:
        return len(self._asked[name])

    def _follows(self, name: str, value: object) -> object:
        given = {} if value is None else {SOURCES[name]: value}
        derived = Sale(NEVER, given).derived(self._on, window_months=self._months)[name]
        return None if isinstance(derived, Missing) else derived


class Planes:
    """Of the rows from *start* to *stop*."""

    def __init__(self, columns: Columns, values: Values, start: int, stop: int) -> None:
        self._columns = columns
        self._values = values
        self._rows = slice(start, stop)
        self._eights: dict[tuple[str, int, int], NDArray[np.uint8]] = {}

    def plane(self, atom: Atom) -> Words:
        match atom:
            case Given(name):
                return packed(self._given(name))
            case AtLeast():
                return packed(self._at_least(atom))
        return packed(self._answered(atom))

    def _given(self, name: str) -> Bits:
        column = self._columns.by_name[SOURCES.get(name, name)]
        rows = column.rows[self._rows]
        if name in SOURCES:
            known = np.array([value is not None for value in self._values.of(name)], np.bool_)
            return np.take(known, rows)
        return np.not_equal(rows, MISSING if isinstance(column, Amounts) else ABSENT)

    def _at_least(self, atom: AtLeast) -> Bits:
        column = self._columns.by_name[atom.name]
        assert isinstance(column, Amounts)
        cents = int((atom.amount * 100).to_integral_value(ROUND_CEILING))
        bits: Bits = np.greater_equal(column.rows[self._rows], cents)
        for row, amount in column.exact.items():
            if self._rows.start <= row < self._rows.stop:
                bits[row - self._rows.start] = amount >= atom.amount
        return bits

    def _answered(self, atom: Answer) -> Bits | NDArray[np.uint8]:
        columns = [self._values.coded(name) for name in atom.names]
        coded = [column for column in columns if column is not None]
        if len(coded) < len(columns):
            return self._one_by_one(atom)
        if len(coded) == 1:
            return self._looked_up(atom, coded[0])
        values = [self._values.of(name) for name in atom.names]
        if prod(map(len, values)) > MOST_COMBINED:
            return self._one_by_one(atom)
        table = [atom.holds(_facts(atom.names, each)) for each in every_pair(*values)]
        place = np.zeros(self._rows.stop - self._rows.start, np.intp)
        for column, known in zip(coded, values, strict=True):
            place = place * len(known) + column.rows[self._rows]
        combined: Bits = np.array(table, np.bool_)[place]
        return combined

    def _looked_up(self, atom: Answer, column: Coded) -> NDArray[np.uint8]:
        """Not 0 where it holds; eight atoms that read the same fact are looked up at once."""
        (name,), place = atom.names, self._values.place(atom)
        first, bit = place - place % EIGHT, place % EIGHT
        key = (name, first, min(self._values.asked(name), first + EIGHT))
        found = self._eights.get(key)
        if found is None:
            table = self._values.eight(name, first)
            found = self._eights[key] = np.take(table, column.rows[self._rows])
        return found & np.uint8(1 << bit)

    def _one_by_one(self, atom: Answer) -> Bits:
        """What compares facts of which each has many values is asked of every client."""
        readers = [self._reader(name) for name in atom.names]
        known: dict[tuple[object, ...], bool] = {}
        found = []
        for row in range(self._rows.start, self._rows.stop):
            values = tuple(read(row) for read in readers)
            if values not in known:
                known[values] = atom.holds(_facts(atom.names, values))
            found.append(known[values])
        return np.array(found, np.bool_)

    def _reader(self, name: str) -> Callable[[int], object]:
        column = self._values.coded(name)
        if column is None:
            return self._columns.by_name[name].at
        values, rows = self._values.of(name), column.rows
        return lambda row: values[rows[row]]


class KeptPlanes:
    """Planes are kept until a client among them changes."""

    def __init__(self, columns: Columns, values: Values) -> None:
        self._columns = columns
        self._values = values
        self._kept: dict[tuple[int, int], dict[Atom, Words]] = {}

    def between(self, start: int, stop: int) -> Callable[[Atom], Words]:
        kept = self._kept.setdefault((start, stop), {})
        fresh = Planes(self._columns, self._values, start, stop)

        def plane(atom: Atom) -> Words:
            found = kept.get(atom)
            if found is None:
                found = kept[atom] = fresh.plane(atom)
            return found

        return plane

    def changed(self, row: int) -> None:
        for rows in [rows for rows in self._kept if rows[0] <= row < rows[1]]:
            del self._kept[rows]


def _facts(names: Sequence[str], values: Sequence[object]) -> Mapping[str, object]:
    named = zip(names, values, strict=True)
    return {name: value for name, value in named if value is not None}


def words_for(count: int) -> int:
    return -(-count // BITS)


def packed(bits: Bits | NDArray[np.uint8]) -> Words:
    whole = np.zeros(words_for(len(bits)) * 8, np.uint8)
    part = np.packbits(bits, bitorder="little")
    whole[: len(part)] = part
    return whole.view(np.uint64)


def unpacked(words: Words, count: int) -> Bits:
    return np.unpackbits(words.view(np.uint8), count=count, bitorder="little").view(np.bool_)
