"""Reads the stream from its beginning, and says when it has read what was there before."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiormq import spec
from aiormq.abc import AbstractChannel, DeliveredMessage

from chassis.ids import new_id
from chassis.patience import Patience
from gateway.broker import Consumer, Take, headers_of
from gateway.feed.queues import FEED

OFFSET = "x-stream-offset"
MARK = "liheng:mark"
FIRST = "first"
DOUBT_SECONDS = 5.0


class Stream(Consumer):
    """Goes on where it was after the connection was lost.

    It marks its own place in the stream when it connects: what stands before the mark was there
    already.
    """

    def __init__(self, amqp_url: str, declare: Callable[[Any], None], take: Take) -> None:
        super().__init__(amqp_url, FEED, declare, self._follow)
        self._hand_on = take
        self._next: int | str = FIRST
        self._mark = ""
        self.caught_up = asyncio.Event()

    def arguments(self) -> Mapping[str, Any]:
        return {OFFSET: self._next}

    async def begin(self, channel: AbstractChannel) -> None:
        self.caught_up.clear()
        self._mark = new_id()
        properties = spec.Basic.Properties(headers={MARK: self._mark}, delivery_mode=2)
        await channel.basic_publish(b"", routing_key=FEED, properties=properties, mandatory=True)

    async def _read(self, channel: AbstractChannel, patience: Patience) -> None:
        doubting = asyncio.create_task(self._doubt(channel))
        try:
            await super()._read(channel, patience)
        finally:
            doubting.cancel()

    async def _doubt(self, channel: AbstractChannel) -> None:
        """A stream that was made anew counts from 0, and might never come to where we were."""
        while not self.caught_up.is_set():
            before = self._next
            await asyncio.sleep(DOUBT_SECONDS)
            if self._next == before and not self.caught_up.is_set():
                self._next = FIRST
                await channel.close()
                return

    async def _follow(self, batch: Sequence[DeliveredMessage]) -> list[DeliveredMessage]:
        await self._hand_on(batch)
        self._next = offset_of(batch[-1]) + 1
        if any(headers_of(message).get(MARK) == self._mark for message in batch):
            self.caught_up.set()
        return []


def offset_of(message: DeliveredMessage) -> int:
    return int(headers_of(message)[OFFSET])


def is_mark(message: DeliveredMessage) -> bool:
    return MARK in headers_of(message)
