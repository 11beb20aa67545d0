"""Events that leave by webhook: from their durable queue into the database."""

from collections.abc import Callable, Sequence
from typing import Any

from aiormq.abc import DeliveredMessage

from chassis import topology
from chassis.clock import Clock, system_clock
from chassis.envelope import Unreadable
from gateway.broker import Consumer, read
from gateway.store.database import Store
from gateway.webhooks import deliveries
from gateway.webhooks.catalogue import TYPES, payload
from gateway.webhooks.deliveries import Event

QUEUE = "liheng.gateway.webhooks"
DEAD_LETTERS = topology.dead_letters_of("gateway")


def declare(channel: Any) -> None:
    topology.declare_intake(channel, QUEUE, DEAD_LETTERS, TYPES)


class Intake:
    """Acknowledged when they are in the database; *news* is called after that."""

    def __init__(
        self, store: Store, amqp_url: str, news: Callable[[], None], clock: Clock = system_clock
    ) -> None:
        self._store = store
        self._news = news
        self._clock = clock
        self.consumer = Consumer(amqp_url, QUEUE, declare, self._take)

    async def _take(self, batch: Sequence[DeliveredMessage]) -> list[DeliveredMessage]:
        events, unreadable = list[Event](), list[DeliveredMessage]()
        for message in batch:
            try:
                events.append(event_of(message))
            except Unreadable:
                unreadable.append(message)
        at = self._clock()
        await self._store.insist(lambda connection: deliveries.take_in(connection, events, at))
        self._news()
        return unreadable


def event_of(message: DeliveredMessage) -> Event:
    """Raises Unreadable."""
    incoming = read(message)
    return Event(incoming.meta.event_id, incoming.type, payload(incoming))
