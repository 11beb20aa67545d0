"""Everybody who listens to the feed of this process."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn

from prometheus_client import Counter, Gauge

from gateway.feed.grants import Grants
from gateway.feed.history import Kept
from gateway.feed.listener import Listener
from gateway.problems import RETRY_AFTER, Problem
from gateway.sentences import Sentence

MOST = 2000  # clients of one process
MOST_OF_A_CALLER = 8
TENDED_EVERY = 1.0  # seconds; so long somebody who was shut out may still be told
STAYING_ALIVE = 15  # times tended, then a word to those who hear nothing else

LISTENERS = Gauge("gateway_feed_listeners", "Clients of the feed")
TOLD = Counter("gateway_feed_told_total", "Hints told, each client counted")
SENT_AWAY = Counter("gateway_feed_ended_total", "Streams ended by us", ["reason"])

# Raises a Problem when the caller may not listen any longer.
Stays = Callable[[], Awaitable[object]]


class Audience:
    def __init__(self, grants: Grants) -> None:
        self._grants = grants
        self._present: dict[Listener, Stays] = {}
        self._closed = False

    def join(self, listener: Listener, stays: Stays) -> None:
        if self._closed or len(self._present) >= MOST:
            raise full()
        caller_id = listener.caller.staff_id
        if sum(one.caller.staff_id == caller_id for one in self._present) >= MOST_OF_A_CALLER:
            raise too_many()
        self._present[listener] = stays
        LISTENERS.set(len(self._present))

    def leave(self, listener: Listener) -> None:
        self._present.pop(listener, None)
        LISTENERS.set(len(self._present))

    def tell(self, kept: Kept) -> None:
        concerned = [one for one in self._present if one.sees(kept)]
        slow = [one for one in concerned if not one.offer(kept.frame)]
        TOLD.inc(len(concerned) - len(slow))
        self._send_away(slow, "slow")

    def reset(self) -> None:
        """They have missed something that nobody can tell them any more."""
        for listener in self._present:
            listener.reset()
        self._send_away(list(self._present), "gap")

    def close(self) -> None:
        """For good: this process stops, and another will go on with them."""
        self._closed = True
        for listener in self._present:
            listener.end()

    async def tend(self, place: Callable[[], str]) -> NoReturn:
        """Every second see who may still listen, and to what; *place* is how far all have read."""
        while True:
            for _ in range(STAYING_ALIVE):
                await asyncio.sleep(TENDED_EVERY)
                await self._check_all()
            self._stay_alive(place)

    async def _check_all(self) -> None:
        if self._present:
            await self._grants.refresh()
        for listener, stays in list(self._present.items()):
            await self._check(listener, stays)

    async def _check(self, listener: Listener, stays: Stays) -> None:
        listener.scope = self._grants.scope_of(listener.caller)
        try:
            await stays()
        except Problem:
            listener.end()
            self._send_away([listener], "not_admitted")

    def _stay_alive(self, place: Callable[[], str]) -> None:
        """Without data it is no event, but clients remember the id."""
        if not self._present:
            return
        frame = b"id: %s\n\n" % place().encode()
        slow = [listener for listener in self._present if not listener.offer(frame)]
        self._send_away(slow, "slow")

    def _send_away(self, listeners: list[Listener], reason: str) -> None:
        for listener in listeners:
            SENT_AWAY.labels(reason).inc()
            self.leave(listener)


def full() -> Problem:
    detail = Sentence(
        "This process has no room for another stream of events; try again shortly",
        "事件流连接已满，请稍后重试",
    )
    return Problem(503, "feed_full", detail, headers={"Retry-After": RETRY_AFTER})


def too_many() -> Problem:
    detail = Sentence(
        f"At most {MOST_OF_A_CALLER} streams of events at once; close one of yours",
        f"同时最多 {MOST_OF_A_CALLER} 个事件流，请先关闭一个",
    )
    return Problem(429, "too_many_streams", detail, headers={"Retry-After": RETRY_AFTER})
