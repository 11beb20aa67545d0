"""Make a blind index anew: with another key, or after its normal forms have changed."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chassis.sealing.columns import Sealed, SealedTable
from chassis.sealing.sealer import Sealer
from chassis.sealing.unreadable import Unreadable

BATCH = 500  # rows read at a time; each is written by itself


def reading(of: SealedTable, after: str) -> sa.Select[Any]:
    return sa.select(of.table).where(of.key > after).order_by(of.key).limit(BATCH)


def writing(of: SealedTable) -> sa.Update:
    read = [each.column for each, _ in of.indexed]
    unchanged = [column == sa.bindparam(f"read_{column.name}") for column in read]
    names = [index.column.name for _, index in of.indexed]
    anew: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
    return of.table.update().where(of.key == sa.bindparam("at"), *unchanged).values(anew)


class Reindexing:
    """Row by row; whoever changed a row meanwhile has indexed it with the current key."""

    def __init__(
        self, engine: sa.Engine, of: SealedTable, sealer: Sealer, say: Callable[[str], None]
    ) -> None:
        self._engine = engine
        self._of = of
        self._sealer = sealer
        self._say = say
        self._writing = writing(of)

    def run(self) -> bool:
        """False when some rows could not be indexed; each was named."""
        after, done, whole = "", 0, True
        while rows := self._rows(after):
            written = [self._write(row) for row in rows if self._differs(row)]
            whole = whole and all(written)
            after, done = self._id(rows[-1]), done + len(written)
            self._say(f"{self._of.table.name}: indexed up to {after}, {done} anew")
        return whole

    def _rows(self, after: str) -> Sequence[sa.Row[Any]]:
        with self._engine.connect() as connection:
            return connection.execute(reading(self._of, after)).all()

    def _differs(self, row: sa.Row[Any]) -> bool:
        indexes = [index.column.name for _, index in self._of.indexed]
        try:
            return self._anew(row) != {name: getattr(row, name) for name in indexes}
        except Unreadable:
            return True

    def _write(self, row: sa.Row[Any]) -> bool:
        columns = [each.column.name for each, _ in self._of.indexed]
        read = {f"read_{name}": getattr(row, name) for name in columns}
        here = f"{self._of.table.name} {self._id(row)}"
        try:
            new = {f"new_{name}": index for name, index in self._anew(row).items()}
            with self._engine.begin() as connection:
                connection.execute(self._writing, {"at": self._id(row), **read, **new})
        except Unreadable:
            self._say(f"{here}: cannot be opened, and stays as it is")
            return False
        except IntegrityError:
            self._say(f"{here}: another row has the same value already")
            return False
        return True

    def _anew(self, row: sa.Row[Any]) -> dict[str, bytes | None]:
        return {
            index.column.name: self._sealer.index(index.kind, self._text(row, each))
            for each, index in self._of.indexed
        }

    def _text(self, row: sa.Row[Any], each: Sealed) -> str:
        return self._sealer.open(getattr(row, each.column.name), each.place(row))

    def _id(self, row: sa.Row[Any]) -> str:
        return str(getattr(row, self._of.key.name))
