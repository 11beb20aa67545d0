"""Whether a session goes on: asked of the provider (RFC 7662), believed for seconds."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote_plus

import httpx

from gateway.provider import TIMEOUT, Provider, away
from gateway.tokens import REMEMBERED, Session, refused

log = logging.getLogger(__name__)

ASKED_AGAIN_AFTER = 3.0  # seconds; beside the requests
BELIEVED_FOR = 5.0  # seconds; then a request waits for the answer
AT_ONCE = 16  # questions; the provider has other things to do
GRACE = 30.0  # seconds that a session goes on while the provider is away
LET_REST = 1.0  # seconds after it did not answer


@dataclass(frozen=True)
class Answer:
    active: bool
    at: float


class Introspection:
    """Asks about each session once at a time, with the gateway's own credentials."""

    def __init__(
        self,
        provider: Provider,
        client: httpx.AsyncClient,
        client_id: str,
        client_secret: str,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._provider = provider
        self._client = client
        self._auth = httpx.BasicAuth(quote_plus(client_id), quote_plus(client_secret))
        self._now = now
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()
        self._asking: dict[bytes, asyncio.Task[None]] = {}
        self._failed = float("-inf")
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def check(self, session: Session) -> None:
        """Raise when the provider ended the session, or has long not said that it goes on."""
        age = self._age(session)
        if age > ASKED_AGAIN_AFTER and (asked := self._ask(session)) and age > BELIEVED_FOR:
            await asyncio.shield(asked)
        if self._age(session) > GRACE:
            raise away()
        if not self._answers[session.digest].active:
            raise refused()

    async def close(self) -> None:
        asking = list(self._asking.values())
        for asked in asking:
            asked.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    def _age(self, session: Session) -> float:
        known = self._answers.get(session.digest)
        return self._now() - known.at if known else float("inf")

    def _ask(self, session: Session) -> asyncio.Task[None] | None:
        """None while the provider is let rest."""
        asked = self._asking.get(session.digest)
        if asked is None and self._now() - self._failed > LET_REST:
            asked = asyncio.create_task(self._learn(session))
            self._asking[session.digest] = asked
            asked.add_done_callback(lambda _: self._asking.pop(session.digest, None))
        return asked

    async def _learn(self, session: Session) -> None:
        try:
            async with self._turn:
                active = await self._told(session.token)
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            self._failed = self._now()
            log.warning("the identity provider did not say more: %s", type(error).__name__)
            return
        self._answers[session.digest] = Answer(active, self._now())
        self._answers.move_to_end(session.digest)
        while len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)

    async def _told(self, token: str) -> bool:
        response = await self._client.post(
            self._provider.endpoint("introspection_endpoint"),
            data={"token": token, "token_type_hint": "access_token"},
            auth=self._auth,
            timeout=TIMEOUT,
        )
        response.raise_for_status()
        return response.json()["active"] is True
