"""The live feed of one process: it remembers what was told lately, and tells what is new."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial

from aiormq.abc import DeliveredMessage

from chassis.identity import Caller
from gateway.feed.audience import Audience, Stays
from gateway.feed.grants import Grants
from gateway.feed.history import BEFORE_ALL, History
from gateway.feed.intake import Intake
from gateway.feed.keeper import CustodyKeeper
from gateway.feed.listener import Listener, Wish
from gateway.feed.places import Places
from gateway.feed.queues import declare_feed
from gateway.feed.stream import Stream
from gateway.problems import RETRY_AFTER, Problem
from gateway.sentences import Sentence
from gateway.store.database import Store
from gateway.tasks import going_on

CATCH_UP_SECONDS = 5.0


class Feed:
    def __init__(self, store: Store, amqp_url: str, keys: Sequence[bytes], kept_for: str) -> None:
        self._places = Places(keys)
        self._grants = Grants(store)
        self._history = History()
        self._news = asyncio.Event()
        self._intake = Intake(store, self._places)
        self.audience = Audience(self._grants)
        declare = partial(declare_feed, kept_for=kept_for)
        self._stream = Stream(amqp_url, declare, self._take)
        self._keeper = CustodyKeeper(store, amqp_url)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for work in (
                self._stream.run(),
                self._keeper.consumer.run(),
                self.audience.tend(self._place),
            ):
                await stack.enter_async_context(going_on(work))
            yield

    async def listen(self, caller: Caller, wish: Wish, after: str, stays: Stays) -> Listener:
        """From now on, or from *after* on, a place that an earlier stream has given."""
        await self._caught_up()
        await self._grants.refresh()
        listener = Listener(caller, wish, self._grants.scope_of(caller))
        offset = await self._read_as_far_as(after) if after else self._history.end
        self.audience.join(listener, stays)
        if offset is None or not self._history.reaches_back_to(offset):
            listener.reset()
        else:
            missed = self._history.after(offset)
            listener.catch_up(b"".join(kept.frame for kept in missed if listener.sees(kept)))
        return listener

    async def _take(self, batch: Sequence[DeliveredMessage]) -> list[DeliveredMessage]:
        for offset, kept in await self._intake.read(batch):
            if self._history.end not in (BEFORE_ALL, offset - 1):
                self._history.forget_all()
                self.audience.reset()
            self._history.pass_over(offset)
            if kept and self._history.add(kept):
                self.audience.tell(kept)
        self._news.set()
        return []

    async def _caught_up(self) -> None:
        try:
            async with asyncio.timeout(CATCH_UP_SECONDS if self._stream.connected else 0):
                await self._stream.caught_up.wait()
        except TimeoutError:
            raise away() from None

    async def _read_as_far_as(self, after: str) -> int | None:
        """The offset of *after*; another process may be ahead of us by a moment."""
        offset = self._places.opened(after)
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP_SECONDS):
                while offset is not None and offset > self._history.end:
                    self._news.clear()
                    await self._news.wait()
        return offset

    def _place(self) -> str:
        return self._places.sealed(self._history.end)


def away() -> Problem:
    detail = Sentence(
        "Events cannot be told at the moment; try again shortly",
        "暂时无法推送事件，请稍后重试",
    )
    return Problem(503, "feed_away", detail, headers={"Retry-After": RETRY_AFTER})
