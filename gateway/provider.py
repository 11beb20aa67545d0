"""The institution's OpenID provider: what it says of itself, and its signing keys, cached."""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

import httpx
from joserfc import jwk
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from gateway.problems import RETRY_AFTER, Problem
from gateway.sentences import Sentence

log = logging.getLogger(__name__)

REFRESHED_EVERY = 60.0  # seconds; so long a key that was taken back may still be believed
KEYS_VALID_FOR = 3600.0  # seconds without an answer, then nobody is let in
ASKED_AT_MOST_EVERY = 10.0  # seconds; an unknown key id must not become a flood
LEARN_AGAIN_AFTER = 1.0  # seconds
TIMEOUT = 3.0  # seconds
SHORTEST_RSA = 2048  # bits
NOT_READ = ("alg", "x5c")  # what a key is for follows from its kind
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
        self._described: Mapping[str, Any] = {}
        self._fetched = float("-inf")
        self._asked = float("-inf")
        self._asking = asyncio.Lock()
        self.generation = 0

    @property
    def known(self) -> bool:
        return self._keys is not None

    async def keep_learning(self) -> NoReturn:
        """Fetch the keys, and again before they are old, so that no request waits for it."""
        while True:
            async with self._asking:
                learnt = await self._refetch()
            await asyncio.sleep(REFRESHED_EVERY if learnt else LEARN_AGAIN_AFTER)

    async def keys(self, kid: str) -> KeySet:
        """The present keys; fetched again when they are not known or do not hold *kid*."""
        if self._old() or not self._holds(kid):
            async with self._asking:
                if self._may_ask() and (self._old() or not self._holds(kid)):
                    await self._refetch()
        if self._keys is None or self._old():
            raise away()
        return self._keys

    def endpoint(self, name: str) -> str:
        """The address that discovery gives for it."""
        return self._secure(str(self._described[name]))

    def _holds(self, kid: str) -> bool:
        return self._keys is not None and (not kid or any(key.kid == kid for key in self._keys))

    def _old(self) -> bool:
        return self._now() - self._fetched > KEYS_VALID_FOR

    def _may_ask(self) -> bool:
        return not self.known or self._now() - self._asked > ASKED_AT_MOST_EVERY

    async def _refetch(self) -> bool:
        self._asked = self._now()
        try:
            described = await self._get(self._issuer.rstrip("/") + DISCOVERY)
            if described["issuer"] != self._issuer:
                raise ValueError("it calls itself by another name")
            told = await self._get(self._secure(str(described["jwks_uri"])))
            keys = KeySet(list(usable(told["keys"])))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            log.warning("the identity provider did not answer: %s", type(error).__name__)
            return False
        self._take(described, keys)
        return True

    def _take(self, described: Mapping[str, Any], keys: KeySet) -> None:
        if _thumbprints(keys) != _thumbprints(self._keys):
            self.generation += 1
        self._described, self._keys, self._fetched = described, keys, self._now()

    def _secure(self, url: str) -> str:
        """A provider that is asked over TLS does not send us away from it."""
        if self._issuer.startswith("https:") and not url.startswith("https:"):
            raise ValueError("it sends us away from TLS")
        return url

    async def _get(self, url: str) -> Any:
        response = await self._client.get(url, timeout=TIMEOUT)
        response.raise_for_status()
        read = response.json()
        if not isinstance(read, dict):
            raise ValueError("not a JSON object")
        return read


def client(authority: str) -> httpx.AsyncClient:
    """To ask the provider with; *authority* is a file of certificates to trust, or empty."""
    trusted = ssl.create_default_context(cafile=authority) if authority else True
    return httpx.AsyncClient(verify=trusted, trust_env=False)


def usable(told: list[dict[str, Any]]) -> Iterator[Key]:
    """Those a token may be signed with; a key of a kind we do not know harms no other."""
    for one in told:
        try:
            if one.get("use", "sig") == "sig" and _strong(one):
                yield jwk.import_key({name: one[name] for name in one if name not in NOT_READ})
        except (JoseError, ValueError, KeyError, TypeError):
            log.warning("a key of the identity provider cannot be read")


def _strong(key: Mapping[str, Any]) -> bool:
    """Base64 carries six bits a letter."""
    if key["kty"] == "RSA":
        return len(key["n"]) * 6 >= SHORTEST_RSA
    return key["kty"] in ("EC", "OKP")


def _thumbprints(keys: KeySet | None) -> set[tuple[str, str]]:
    return {(str(key.kid), key.thumbprint()) for key in keys or ()}


def away() -> Problem:
    detail = Sentence(
        "Sign-in cannot be checked because the identity provider does not answer",
        "身份认证服务无响应，暂时无法核验登录",
    )
    return Problem(503, "identity_provider_away", detail, headers={"Retry-After": RETRY_AFTER})
