"""Make the blind index anew: with another key, or after its normal forms have changed."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chassis.sealing.sealer import Sealer
from chassis.sealing.unreadable import Unreadable
from services.customer.adapters.sealing import place_of
from services.customer.adapters.tables import customers

INDEXED = ("name", "phone", "identity")
BATCH = 500  # rows read at a time; each is written by itself

SEALED = [customers.c[f"{field}_sealed"] for field in INDEXED]
INDEXES = [customers.c[f"{field}_index"] for field in INDEXED]
UNCHANGED = [column == sa.bindparam(f"read_{column.name}") for column in SEALED]
WRITE = (
    customers.update()
    .where(customers.c.customer_id == sa.bindparam("at"), *UNCHANGED)
    .values({column.name: sa.bindparam(f"new_{column.name}") for column in INDEXES})
)


class Reindexing:
    """Row by row; whoever changed a row meanwhile has indexed it with the current key."""

    def __init__(self, engine: sa.Engine, sealer: Sealer, say: Callable[[str], None]) -> None:
        self._engine = engine
        self._sealer = sealer
        self._say = say

    def run(self) -> bool:
        """False when some rows could not be indexed; each was named."""
        after, done, whole = "", 0, True
        while rows := self._rows(after):
            written = [self._write(row) for row in rows if self._differs(row)]
            whole = whole and all(written)
            after, done = rows[-1].customer_id, done + len(written)
            self._say(f"customers: indexed up to {after}, {done} anew")
        return whole

    def _rows(self, after: str) -> Sequence[sa.Row[Any]]:
        beyond = customers.c.customer_id > after
        ordered = sa.select(customers).where(beyond).order_by(customers.c.customer_id)
        with self._engine.connect() as connection:
            return connection.execute(ordered.limit(BATCH)).all()

    def _differs(self, row: sa.Row[Any]) -> bool:
        try:
            return self._anew(row) != {c.name: getattr(row, c.name) for c in INDEXES}
        except Unreadable:
            return True

    def _write(self, row: sa.Row[Any]) -> bool:
        read = {f"read_{column.name}": getattr(row, column.name) for column in SEALED}
        try:
            new = {f"new_{name}": index for name, index in self._anew(row).items()}
            with self._engine.begin() as connection:
                connection.execute(WRITE, {"at": row.customer_id, **read, **new})
        except Unreadable:
            self._say(f"customer {row.customer_id}: cannot be opened, and stays as it is")
            return False
        except IntegrityError:
            self._say(f"customer {row.customer_id}: somebody else has the same identity number")
            return False
        return True

    def _anew(self, row: sa.Row[Any]) -> dict[str, bytes | None]:
        return {f"{field}_index": self._index(row, field) for field in INDEXED}

    def _index(self, row: sa.Row[Any], field: str) -> bytes | None:
        sealed = getattr(row, f"{field}_sealed")
        return self._sealer.index(
            field, self._sealer.open(sealed, place_of(row.customer_id, field))
        )
