"""Sends what is due: one at a time to each endpoint, many endpoints at once."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from prometheus_client import Counter, Histogram

from chassis.clock import Clock, system_clock
from gateway.store.database import Store
from gateway.webhooks import work
from gateway.webhooks.posting import NOT_TRIED, Answer, Poster
from gateway.webhooks.schedule import PAUSES
from gateway.webhooks.secrets import Vault, signatures
from gateway.webhooks.work import Claim, Tried

log = logging.getLogger(__name__)

AT_ONCE = 64  # endpoints
LOOK_EVERY = 1.0  # seconds, when nobody says that there is news
LEASE = timedelta(seconds=30)  # longer than any attempt takes

ATTEMPTS = Counter("gateway_webhook_attempts_total", "Attempts to deliver", ["outcome"])
SECONDS = Histogram("gateway_webhook_seconds", "How long receivers take to answer")


@dataclass(frozen=True)
class Ways:
    """How deliveries are tried."""

    lease: timedelta = LEASE
    pauses: tuple[timedelta, ...] = PAUSES
    clock: Clock = system_clock


class Sender:
    def __init__(self, store: Store, poster: Poster, vault: Vault, ways: Ways) -> None:
        self._store = store
        self._poster = poster
        self._vault = vault
        self._ways = ways
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._news = asyncio.Event()

    def news(self) -> None:
        """There may be something to send."""
        self._news.set()

    async def run(self) -> NoReturn:
        """Until it is cancelled; what is under way then is sent again when its lease is over."""
        try:
            while True:
                self._news.clear()
                if not await self._send_some():
                    await self._await_news()
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _send_some(self) -> int:
        room = AT_ONCE - len(self._busy)
        if room == 0:
            return 0
        busy, at = list(self._busy), self._ways.clock()
        claims = await self._store.insist(
            lambda connection: work.claim(connection, busy, room, at, self._ways.lease)
        )
        for claim in claims:
            task = asyncio.create_task(self._deliver(claim))
            self._busy[claim.webhook_id] = task
            task.add_done_callback(partial(self._rest, claim.webhook_id))
        return len(claims)

    async def _await_news(self) -> None:
        try:
            async with asyncio.timeout(LOOK_EVERY):
                await self._news.wait()
        except TimeoutError:
            return

    def _rest(self, webhook_id: str, task: asyncio.Task[None]) -> None:
        self._busy.pop(webhook_id, None)
        self._news.set()
        if not task.cancelled():
            task.result()

    async def _deliver(self, claim: Claim) -> None:
        at, started = self._ways.clock(), perf_counter()
        answer = await self._post(claim, at)
        took = timedelta(seconds=perf_counter() - started)
        ATTEMPTS.labels(answer.why).inc()
        SECONDS.observe(took.total_seconds())
        tried = Tried(claim=claim, answer=answer, at=at, took=took)
        await self._store.insist(
            lambda connection: work.settle(connection, tried, self._ways.pauses)
        )

    async def _post(self, claim: Claim, at: datetime) -> Answer:
        body, seconds = claim.body.encode(), int(at.timestamp())
        try:
            secrets = [self._vault.opened(sealed, claim.webhook_id) for sealed in claim.secrets]
        except InvalidTag:
            log.error("the secret of webhook %s does not open: its key is gone", claim.webhook_id)
            return Answer(NOT_TRIED, "secret_unreadable")
        headers = {
            "content-type": "application/json",
            "user-agent": "Liheng-Webhooks/1",
            "webhook-id": claim.delivery_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": signatures(secrets, claim.delivery_id, seconds, body),
        }
        return await self._poster.post(claim.url, headers, body)
