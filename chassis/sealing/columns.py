"""The columns of a service that hold something sealed, and what each was sealed for."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

Place = Callable[[sa.Row[Any]], str]


@dataclass(frozen=True)
class Clear:
    """The column that held the same before it was sealed; *empty* is what it holds since."""

    column: sa.Column[Any]
    empty: Any = ""

    def filled(self) -> sa.ColumnElement[bool]:
        if self.empty is None:
            return self.column.is_not(None)
        return self.column != sa.literal(self.empty, self.column.type)

    def text(self, row: sa.Row[Any]) -> str:
        """As it is to be sealed; JSON as a text."""
        value = getattr(row, self.column.name)
        if value == self.empty:
            return ""
        if isinstance(self.column.type, JSONB):
            return json.dumps(value, ensure_ascii=False)
        return str(value)


@dataclass(frozen=True)
class Index:
    """What values of a kind are found by."""

    column: sa.Column[Any]
    kind: str


@dataclass(frozen=True)
class Sealed:
    column: sa.Column[Any]
    place: Place
    clear: Clear | None = None
    index: Index | None = None

    def key_id(self) -> sa.ColumnElement[str]:
        start: sa.ColumnElement[str] = self.column
        if isinstance(self.column.type, sa.LargeBinary):
            start = sa.func.encode(sa.func.substring(self.column, 1, 40), "escape")
        return sa.func.split_part(start, ".", 1)

    def filled(self) -> sa.ColumnElement[bool]:
        return sa.func.length(self.column) > 0

    def older(self, key_id: str) -> sa.ColumnElement[bool]:
        sealed = sa.and_(self.filled(), self.key_id() != key_id)
        return sealed if self.clear is None else sa.or_(sealed, self.clear.filled())


@dataclass(frozen=True)
class SealedTable:
    table: sa.Table
    key: sa.Column[Any]
    columns: Sequence[Sealed]
    batch: int = 200  # rows in one transaction

    def older(self, key_id: str) -> sa.ColumnElement[bool]:
        return sa.or_(*(each.older(key_id) for each in self.columns))

    @property
    def indexed(self) -> Sequence[tuple[Sealed, Index]]:
        return [(each, each.index) for each in self.columns if each.index is not None]


SealedTables = Sequence[SealedTable]


def holds_sealed(tables: SealedTables) -> sa.Select[tuple[bool]]:
    """Whether anything is sealed already."""
    anything = (
        sa.exists().select_from(of.table).where(each.filled())
        for of in tables
        for each in of.columns
    )
    return sa.select(sa.or_(sa.false(), *anything))


def uses(engine: sa.Engine, tables: SealedTables) -> Mapping[str, int]:
    """How many texts and files are sealed with each key; "" for what waits to be sealed."""
    named = [
        sa.select(each.key_id().label("key_id")).select_from(of.table).where(each.filled())
        for of in tables
        for each in of.columns
    ]
    clear = [
        sa.select(sa.literal("").label("key_id")).select_from(of.table).where(each.clear.filled())
        for of in tables
        for each in of.columns
        if each.clear is not None
    ]
    every = sa.union_all(*named, *clear).subquery()
    counted = sa.select(every.c.key_id, sa.func.count()).group_by(every.c.key_id)
    with engine.connect() as connection:
        return {row.key_id: row[1] for row in connection.execute(counted)}
