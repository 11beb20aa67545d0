"""Seal with the current key what older ones sealed, while the service is running."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chassis.sealing.columns import Sealed, SealedTable, SealedTables
from chassis.sealing.sealer import Sealer
from chassis.sealing.unreadable import Unreadable

Say = Callable[[str], None]
Values = dict[str, Any]


class Resealing:
    """Small transactions that wait for nobody: rows that somebody works on are left for later.

    A row is locked while it is written, so that nothing newer is overwritten; its version stays,
    so that nobody who read it before sees a conflict. Killed at any moment, every row is either
    as it was or sealed anew; started again, it goes on with what is left.
    """

    def __init__(self, engine: sa.Engine, tables: SealedTables, sealer: Sealer, say: Say) -> None:
        self._engine = engine
        self._tables = tables
        self._sealer = sealer
        self._say = say
        self._damaged: set[str] = set()

    def run(self) -> int:
        """How many rows were sealed anew in one pass."""
        return sum(map(self._table, self._tables))

    def left(self) -> int:
        """Rows that still are sealed with older keys."""
        key_id = self._sealer.current_key
        with self._engine.connect() as connection:
            return sum(connection.scalars(counting(of, key_id)).one() for of in self._tables)

    def _table(self, of: SealedTable) -> int:
        done, after = 0, None
        while rows := self._batch(of, after):
            done, after = done + len(rows), getattr(rows[-1], of.key.name)
            self._say(f"{of.table.name}: {done} resealed")
        return done

    def _batch(self, of: SealedTable, after: object) -> Sequence[sa.Row[Any]]:
        with self._engine.begin() as connection:
            rows = connection.execute(older(of, self._sealer.current_key, after)).all()
            written = [values for row in rows if (values := self._values(of, row))]
            try:
                with connection.begin_nested():
                    self._write(connection, of, written)
            except IntegrityError:
                self._write_each(connection, of, written)
        return rows

    def _write(self, connection: sa.Connection, of: SealedTable, written: list[Values]) -> None:
        if written:
            connection.execute(writing(of), written)

    def _write_each(
        self, connection: sa.Connection, of: SealedTable, written: list[Values]
    ) -> None:
        """All but those whose value, once it is indexed, is that of another row."""
        for values in written:
            try:
                with connection.begin_nested():
                    self._write(connection, of, [values])
            except IntegrityError:
                here = f"{of.table.name} {values['row_key']}"
                self._say(f"{here}: another row has the same value, and this stays as it is")

    def _values(self, of: SealedTable, row: sa.Row[Any]) -> Values | None:
        try:
            anew: Values = {"row_key": getattr(row, of.key.name)}
            for each in of.columns:
                anew |= self._anew(each, row)
        except Unreadable:
            self._damaged_at(f"{of.table.name} {anew['row_key']}")
            return None
        return anew

    def _damaged_at(self, where: str) -> None:
        if where not in self._damaged:
            self._say(f"{where}: cannot be opened, and stays as it is")
        self._damaged.add(where)

    def _anew(self, each: Sealed, row: sa.Row[Any]) -> Values:
        name, place = each.column.name, each.place(row)
        sealed = getattr(row, name)
        if isinstance(sealed, bytes):
            opened = self._sealer.open_file(sealed, place)
            return {f"new_{name}": self._sealer.seal_file(opened, place)}
        text = self._sealer.open(sealed, place)
        if each.clear is None:
            return {f"new_{name}": self._sealer.seal(text, place)}
        text = text or each.clear.text(row)
        anew: Values = {f"new_{name}": self._sealer.seal(text, place)}
        anew[f"new_{each.clear.column.name}"] = each.clear.empty
        if each.index is not None:
            anew[f"new_{each.index.column.name}"] = self._sealer.index(each.index.kind, text)
        return anew


def older(of: SealedTable, key_id: str, after: object) -> sa.Select[Any]:
    rest = sa.true() if after is None else of.key > after
    return (
        sa.select(of.table)
        .where(of.older(key_id), rest)
        .order_by(of.key)
        .limit(of.batch)
        .with_for_update(skip_locked=True, key_share=True)
    )


def counting(of: SealedTable, key_id: str) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(of.table).where(of.older(key_id))


def writing(of: SealedTable) -> sa.Update:
    written = [each.column for each in of.columns]
    for each in of.columns:
        if each.clear is not None:
            written += [each.clear.column, *([each.index.column] if each.index else [])]
    values: Mapping[str, Any] = {
        column.name: sa.bindparam(f"new_{column.name}", type_=column.type) for column in written
    }
    return of.table.update().where(of.key == sa.bindparam("row_key")).values(values)
