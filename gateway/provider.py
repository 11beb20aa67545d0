"""The institution's OpenID provider: discovery and its signing keys, cached."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import httpx
from joserfc.jwk import KeySet

from gateway.problems import RETRY_AFTER, Problem
from gateway.sentences import Sentence

log = logging.getLogger(__name__)

KEYS_VALID_FOR = 3600.0  # seconds
ASKED_AT_MOST_EVERY = 10.0  # seconds; an unknown key id must not become a flood
LEARN_AGAIN_AFTER = 1.0  # seconds
TIMEOUT = 3.0  # seconds
DISCOVERY = "/.well-known/openid-configuration"


class Provider:
    """Knows the public keys that tokens of one issuer are signed with."""

    def __init__(
        self,
        issuer: str,
        client: httpx.AsyncClient,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._client = client
        self._now = now
        self._keys: KeySet | None = None
        self._fetched = float("-inf")
        self._asked = float("-inf")
        self._asking = asyncio.Lock()

    @property
    def known(self) -> bool:
        return self._keys is not None

    async def learn(self) -> None:
        """Fetch the keys, again and again until the provider answers."""
        while not self.known:
            await self._refetch()
            if not self.known:
                await asyncio.sleep(LEARN_AGAIN_AFTER)

    async def keys(self, kid: str) -> KeySet:
        """The present keys; fetched again when they are old or do not hold *kid*."""
        if self._stale() or not self._holds(kid):
            async with self._asking:
                if self._may_ask() and (self._stale() or not self._holds(kid)):
                    await self._refetch()
        if self._keys is None:
            raise away()
        return self._keys

    def _holds(self, kid: str) -> bool:
        return self._keys is not None and any(key.kid == kid for key in self._keys)

    def _stale(self) -> bool:
        return self._now() - self._fetched > KEYS_VALID_FOR

    def _may_ask(self) -> bool:
        return not self.known or self._now() - self._asked > ASKED_AT_MOST_EVERY

    async def _refetch(self) -> None:
        self._asked = self._now()
        try:
            described = await self._get(self._issuer.rstrip("/") + DISCOVERY)
            if described["issuer"] != self._issuer:
                raise ValueError("it calls itself by another name")
            keys = KeySet.import_key_set(await self._get(str(described["jwks_uri"])))
        except (httpx.HTTPError, ValueError, KeyError) as error:
            log.warning("the identity provider did not answer: %s", type(error).__name__)
            return
        self._keys, self._fetched = keys, self._now()

    async def _get(self, url: str) -> Any:
        response = await self._client.get(url, timeout=TIMEOUT)
        response.raise_for_status()
        read = response.json()
        if not isinstance(read, dict):
            raise ValueError("not a JSON object")
        return read


def away() -> Problem:
    detail = Sentence(
        "Sign-in cannot be checked because the identity provider does not answer",
        "身份认证服务无响应，暂时无法核验登录",
    )
    return Problem(503, "identity_provider_away", detail, headers={"Retry-After": RETRY_AFTER})
