"""The gateway's own trail in its database."""

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from chassis.errors import Refusal
from chassis.identity import caller
from chassis.trail import Entry, queries
from chassis.trail.entry import written
from chassis.trail.messages import entries_message, head_message, wanted
from chassis.trail.writing import write
from gateway.problems import from_refusal
from gateway.store.database import Store
from gateway.trail import away
from liheng.trail.v1 import trail_pb2 as pb

T = TypeVar("T")


class SqlOwnTrail:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def record(self, *entries: Entry) -> None:
        await self._run(lambda connection: write(connection, entries))

    async def record_if_new(self, entry: Entry) -> None:
        await self._run(lambda connection: _write_if_new(connection, entry))

    async def entries(self, request: pb.ListEntriesRequest) -> pb.ListEntriesResponse:
        return await self._run(lambda connection: _read(connection, request))

    async def head(self) -> pb.GetHeadResponse:
        return await self._run(lambda connection: head_message(queries.state(connection)))

    async def _run(self, work: Callable[[sa.Connection], T]) -> T:
        try:
            return await self._store.run(work)
        except Refusal as refusal:
            raise from_refusal(refusal, lambda _: "query") from None
        except SQLAlchemyError as error:
            raise away() from error


def _read(connection: sa.Connection, request: pb.ListEntriesRequest) -> pb.ListEntriesResponse:
    queries.check_reader(caller().roles)
    asked = wanted(request)
    rows = queries.page(connection, asked)
    write(connection, [asked.reading])
    return entries_message(rows)


def _write_if_new(connection: sa.Connection, entry: Entry) -> None:
    entries = queries.entries
    newest = (
        sa.select(entries.c.details)
        .where(entries.c.action == entry.action)
        .order_by(entries.c.entry_id.desc())
        .limit(1)
    )
    if connection.execute(newest).scalar() != written(entry.details):
        write(connection, [entry])
