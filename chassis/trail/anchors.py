"""The head of a chain, announced once a day, so that others hold what nobody here can change."""

from datetime import date, datetime

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from chassis.database import engine
from chassis.envelope import Outgoing, schema_of
from chassis.ids import new_id
from chassis.mailbox import mailbox_tables
from chassis.trail.chain import Head
from chassis.trail.tables import trail_tables

_metadata = sa.MetaData()
trail_tables(_metadata)
_mailbox = mailbox_tables(_metadata)
_heads = _metadata.tables["trail_heads"]


class Anchors:
    def __init__(self, service: str, database_url: str) -> None:
        self._service = service
        self._database_url = database_url
        self._announced: date | None = None

    def announce(self, head: Head, day: date, at: datetime) -> bool:
        """True when nobody had announced the head of this day before."""
        if self._announced == day:
            return False
        writing = engine(self._database_url, connections=1)
        try:
            with writing.begin() as connection:
                first = self._announce_first(connection, head, day, at)
        finally:
            writing.dispose()
        self._announced = day
        return first

    def _announce_first(
        self, connection: sa.Connection, head: Head, day: date, at: datetime
    ) -> bool:
        first = connection.execute(_note(head, day, at)).first() is not None
        if first:
            _mailbox.put(connection, [anchored(self._service, head, at)])
        return first


def _note(head: Head, day: date, at: datetime) -> sa.Executable:
    row = {"day": day, "position": head.position, "digest": head.digest, "at": at}
    return insert(_heads).values(row).on_conflict_do_nothing().returning(_heads.c.day)


def anchored(service: str, head: Head, at: datetime) -> Outgoing:
    """`liheng.<service>.v1.TrailAnchored`, in the canonical JSON of its contract."""
    told = {
        "service": service,
        "position": str(head.position),
        "digest": head.digest.hex(),
        "at": at,
    }
    return Outgoing(
        event_id=new_id(),
        type=f"liheng.{service}.v1.TrailAnchored",
        subject=service,
        source=service,
        time=at,
        body=orjson.dumps(told, option=orjson.OPT_UTC_Z).decode(),
        headers={"dataschema": schema_of(f"liheng/{service}/v1/events.proto")},
    )
