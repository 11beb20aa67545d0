"""One client of the feed: what it may see, and what waits to be written to it."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass

from chassis.identity import Caller
from chassis.scope import Reach, Scope
from gateway.feed.history import Kept

LONGEST = 500  # frames that wait for a slow client
RETRY_MILLISECONDS = (1000, 5000)  # so that not all come back in the same moment
RESET = b"event: reset\ndata: {}\n\n"


@dataclass(frozen=True)
class Wish:
    """Which hints: of these types, and of one thing only when *subject* is not empty."""

    types: frozenset[str]
    subject: str = ""


class Listener:
    def __init__(self, caller: Caller, wish: Wish, scope: Scope) -> None:
        self.caller = caller
        self.scope = scope
        self.ended = asyncio.Event()
        self._wish = wish
        pause = random.randint(*RETRY_MILLISECONDS)  # noqa: S311
        self._waiting = [b"retry: %d\n\n" % pause]
        self._news = asyncio.Event()
        self._news.set()

    def sees(self, kept: Kept) -> bool:
        hint, custodian = kept.hint, kept.custodian
        if hint.type not in self._wish.types or self._wish.subject not in ("", hint.subject):
            return False
        if self.scope.reach is Reach.INSTITUTION:
            return True
        if custodian is None or custodian.custody is None:
            return False
        return self.scope.covers(custodian.custody, hint.customer_id)

    def catch_up(self, missed: bytes) -> None:
        """What it missed; this may be more than is let wait later."""
        self._waiting.append(missed)

    def offer(self, frame: bytes) -> bool:
        """False when it reads too slowly: it is told to begin anew, and the stream ends."""
        if self.ended.is_set():
            return False
        if len(self._waiting) >= LONGEST:
            self.reset()
            return False
        self._waiting.append(frame)
        self._news.set()
        return True

    def reset(self) -> None:
        """It must read everything anew; what waits is no use to it."""
        self._waiting = [RESET]
        self.end()

    def end(self) -> None:
        """After what waits."""
        self.ended.set()
        self._news.set()

    async def frames(self) -> AsyncIterator[bytes]:
        """All that waits, in one piece, whenever there is something."""
        while self._waiting or not self.ended.is_set():
            await self._news.wait()
            piece, self._waiting = b"".join(self._waiting), []
            if not self.ended.is_set():
                self._news.clear()
            if piece:
                yield piece
