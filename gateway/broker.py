"""Messages of one queue, in batches and in order, through any outage of the broker."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NoReturn

import aiormq
from aiormq.abc import AbstractChannel, DeliveredMessage
from aiormq.exceptions import AMQPError

from chassis import envelope, topology
from chassis.envelope import Incoming
from chassis.failures import described
from chassis.patience import Patience
from chassis.publishing import BROKER_ERRORS as BLOCKING_ERRORS

log = logging.getLogger(__name__)

PREFETCH = 200
CONNECT_SECONDS = 5.0
# A channel that has just been lost says so with a RuntimeError.
BROKER_ERRORS = (AMQPError, OSError, RuntimeError)

# Answers those that nobody can read; they become dead letters.
Take = Callable[[Sequence[DeliveredMessage]], Awaitable[Sequence[DeliveredMessage]]]


class Arrivals:
    """What has come and is not yet taken; ends when the broker ends it."""

    def __init__(self) -> None:
        self._waiting: list[DeliveredMessage] = []
        self._news = asyncio.Event()
        self._ended = False

    async def put(self, message: DeliveredMessage) -> None:
        self._waiting.append(message)
        self._news.set()

    def end(self, *_: object) -> None:
        self._ended = True
        self._news.set()

    async def take(self) -> list[DeliveredMessage]:
        """At least one; raises when there will be no more."""
        await self._news.wait()
        if self._ended:
            raise ConnectionError("the broker has ended the consumer")
        self._news.clear()
        taken, self._waiting = self._waiting, []
        return taken


class Consumer:
    """Hands messages to *take* and acknowledges them after it; *declare* is given a channel."""

    def __init__(
        self, amqp_url: str, queue: str, declare: Callable[[Any], None], take: Take
    ) -> None:
        self.connected = False
        self._amqp_url = amqp_url
        self._queue = queue
        self._declare = declare
        self._take = take

    async def run(self) -> NoReturn:
        """Until it is cancelled."""
        patience = Patience()
        while True:
            try:
                await self._consume(patience)
            except (*BROKER_ERRORS, *BLOCKING_ERRORS) as error:
                log.warning("%s: no broker: %s", self._queue, described(error))
            self.connected = False
            await asyncio.sleep(patience.pause())

    def arguments(self) -> Mapping[str, Any]:
        """Of the consumer, asked at each connection."""
        return {}

    async def begin(self, channel: AbstractChannel) -> None:
        """What there is to do before anything is consumed."""

    async def _consume(self, patience: Patience) -> None:
        await asyncio.to_thread(self._prepare)
        async with asyncio.timeout(CONNECT_SECONDS):
            connection = await aiormq.connect(self._amqp_url)
        try:
            await self._read(await connection.channel(), patience)
        finally:
            await connection.close()

    def _prepare(self) -> None:
        with topology.connected(self._amqp_url) as connection:
            self._declare(connection.channel())

    async def _read(self, channel: AbstractChannel, patience: Patience) -> None:
        arrivals = Arrivals()
        channel.on_consumer_cancel_callbacks.add(arrivals.end)
        channel.closing.add_done_callback(arrivals.end)
        await self.begin(channel)
        await channel.basic_qos(prefetch_count=PREFETCH)
        arguments = dict(self.arguments())
        await channel.basic_consume(self._queue, arrivals.put, arguments=arguments)
        self.connected = True
        while True:
            batch = await arrivals.take()
            patience.forget()
            for unreadable in await self._take(batch):
                await channel.basic_nack(tag_of(unreadable), requeue=False)
            await channel.basic_ack(tag_of(batch[-1]), multiple=True)


def read(message: DeliveredMessage) -> Incoming:
    """Raises Unreadable."""
    return envelope.read(headers_of(message), message.body)


def headers_of(message: DeliveredMessage) -> Mapping[str, Any]:
    return message.header.properties.headers or {}


def tag_of(message: DeliveredMessage) -> int:
    assert message.delivery_tag is not None
    return message.delivery_tag
