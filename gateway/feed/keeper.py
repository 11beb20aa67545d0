"""Who looks after whom, kept in the gateway's own database out of a durable queue."""

from collections.abc import Sequence

import sqlalchemy as sa
from aiormq.abc import DeliveredMessage
from sqlalchemy.orm import Session

from chassis.custody import SqlCustody
from chassis.envelope import Unreadable
from gateway.broker import Consumer
from gateway.feed import queues
from gateway.feed.words import Word, word_of
from gateway.store.database import Store
from gateway.store.tables import custody


class CustodyKeeper:
    """Every process of the gateway takes its part: of two words the newer one stays."""

    def __init__(self, store: Store, amqp_url: str) -> None:
        self._store = store
        self.consumer = Consumer(amqp_url, queues.CUSTODY, queues.declare_custody, self._take)

    async def _take(self, batch: Sequence[DeliveredMessage]) -> list[DeliveredMessage]:
        words, unreadable = list[Word](), list[DeliveredMessage]()
        for message in batch:
            try:
                words.append(word_of(message))
            except Unreadable:
                unreadable.append(message)
        await self._store.insist(lambda connection: write(connection, words))
        return unreadable


def write(connection: sa.Connection, words: Sequence[Word]) -> None:
    kept = SqlCustody(Session(connection), custody)
    for word in words:
        word(kept)
