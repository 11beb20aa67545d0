"""Messages of the stream become hints at their places, with who looks after their clients."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from aiormq.abc import DeliveredMessage
from google.protobuf.message import Message

from chassis.envelope import Incoming, Unreadable, parse
from chassis.scope import Custody
from gateway.broker import read
from gateway.feed.custodians import CUSTOMERS, LEADS, Custodian, Custodians
from gateway.feed.hints import BY_TYPE, Hint, hint_of
from gateway.feed.history import Kept
from gateway.feed.places import Places
from gateway.feed.queues import BESIDE
from gateway.feed.stream import is_mark, offset_of
from gateway.feed.words import custody_of
from gateway.store.database import Store
from gateway.store.tables import custody

log = logging.getLogger(__name__)

CUSTODY = custody.custody


@dataclass(frozen=True)
class Noted:
    """What one message said; nothing when it is not for the feed."""

    offset: int
    incoming: Incoming | None = None
    event: Message | None = None
    hint: Hint | None = None


class Intake:
    def __init__(self, store: Store, places: Places) -> None:
        self._store = store
        self._places = places
        self._custodians = Custodians()

    async def read(self, batch: Sequence[DeliveredMessage]) -> Iterator[tuple[int, Kept | None]]:
        """One entry per message; tell each before the next, which may be a handover."""
        noted = [note(message) for message in batch]
        asked = {one.hint.customer_id for one in noted if one.hint}
        held = self._custodians.learn(await self._known(self._custodians.unknown(asked)))
        return self._told_in_order(noted, held)

    def _told_in_order(
        self, noted: Sequence[Noted], _held: Sequence[Custodian]
    ) -> Iterator[tuple[int, Kept | None]]:
        for one in noted:
            yield one.offset, self._told(one)

    def _told(self, noted: Noted) -> Kept | None:
        self._hear(noted)
        if noted.hint is None or noted.incoming is None:
            return None
        hint = noted.hint
        return Kept(
            offset=noted.offset,
            event_id=noted.incoming.meta.event_id,
            hint=hint,
            custodian=self._custodians.of(hint.customer_id) if hint.customer_id else None,
            frame=frame_of(hint, self._places.sealed(noted.offset)),
        )

    def _hear(self, noted: Noted) -> None:
        """Clients and leads say who looks after them; a sale says who sold it, which is not it."""
        if noted.event is None or noted.incoming is None:
            return
        if noted.hint is None:
            version = (CUSTOMERS, noted.incoming.meta.sequence)
            self._custodians.hear(client_of(noted.event), custody_of(noted.event), version)
        elif noted.hint.type == "lead":
            version = (LEADS, noted.incoming.meta.sequence)
            self._custodians.hear(noted.hint.customer_id, follower_of(noted.event), version)

    async def _known(self, customer_ids: Iterable[str]) -> Mapping[str, tuple[Custody, int]]:
        asked = sorted(customer_ids)
        if not asked:
            return {}
        return await self._store.insist(lambda connection: known(connection, asked))


def client_of(event: Any) -> str:
    return str(event.customer_id)


def follower_of(event: Message) -> Custody:
    """Nobody follows up a lead that has only been created."""
    says = "adviser_id" in event.DESCRIPTOR.fields_by_name
    return custody_of(event) if says else Custody()


def note(message: DeliveredMessage) -> Noted:
    offset = offset_of(message)
    if is_mark(message):
        return Noted(offset)
    try:
        incoming = read(message)
        if incoming.type in BY_TYPE:
            hint, event = hint_of(BY_TYPE[incoming.type], incoming)
            return Noted(offset, incoming, event, hint)
        if incoming.type in BESIDE:
            return Noted(offset, incoming, parse(BESIDE[incoming.type], incoming))
    except Unreadable as error:
        log.warning("an event of the feed cannot be read: %s", error)
    return Noted(offset)


def known(connection: sa.Connection, customer_ids: Sequence[str]) -> dict[str, tuple[Custody, int]]:
    rows = connection.execute(sa.select(CUSTODY).where(CUSTODY.c.subject_id.in_(customer_ids)))
    return {
        row.subject_id: (Custody(row.owner_id, row.team_id, row.branch_id), row.sequence)
        for row in rows
    }


def frame_of(hint: Hint, place: str) -> bytes:
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (place.encode(), hint.type.encode(), hint.shown())
