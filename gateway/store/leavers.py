"""What the staff register said last of who left, in the gateway's database."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gateway.leavers import Left
from gateway.store.database import Store
from gateway.store.tables import leavers

LAST = "last"  # of all words the only one that is kept


class SqlLastWord:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def found(self) -> Left | None:
        return await self._store.run(_found)

    async def keep(self, left: Left) -> None:
        await self._store.run(lambda connection: _keep(connection, left))


def _found(connection: sa.Connection) -> Left | None:
    said: list[str] | None = connection.execute(sa.select(leavers.c.staff_ids)).scalar()
    return None if said is None else frozenset(said)


def _keep(connection: sa.Connection, left: Left) -> None:
    said = {"staff_ids": sorted(left), "heard_at": datetime.now(UTC)}
    put = insert(leavers).values(word=LAST, **said)
    connection.execute(put.on_conflict_do_update(index_elements=["word"], set_=said))
