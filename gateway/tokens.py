"""Bearer tokens of the institution's OpenID provider become sessions."""

import hashlib
import json
import time
from base64 import urlsafe_b64decode
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from chassis.identity import Caller
from gateway.claims import ClaimNames, Claims, caller_of, is_access_token
from gateway.problems import Problem
from gateway.sentences import Sentence

ALGORITHMS = ["RS256", "ES256", "Ed25519", "EdDSA"]
SKEW = 30  # seconds
LONGEST = 8192  # characters
REMEMBERED = 4096  # tokens


class Keys(Protocol):
    @property
    def generation(self) -> int:
        """Another number whenever the keys are others."""
        ...

    async def keys(self, kid: str) -> KeySet: ...


@dataclass(frozen=True, eq=False)
class Session:
    """A genuine token: whom it stands for, and what else it says of how they signed in."""

    caller: Caller
    claims: Claims = field(repr=False)
    token: str = field(repr=False)
    digest: bytes  # SHA-256 of the token, to remember it by
    until: float  # seconds since 1970
    generation: int  # of the keys that it was verified with


class Tokens:
    """Verifies tokens and remembers the verified ones, until they expire or the keys change."""

    def __init__(
        self,
        provider: Keys,
        issuer: str,
        audience: str,
        names: ClaimNames,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._provider = provider
        self._names = names
        self._now = now
        self._wanted: dict[str, Any] = {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": audience},
            "sub": {"essential": True},
            "exp": {"essential": True},
        }
        self._remembered: OrderedDict[bytes, Session] = OrderedDict()

    async def session(self, authorization: str) -> Session:
        token = _bearer(authorization)
        digest = hashlib.sha256(token.encode()).digest()
        known = self._remembered.get(digest)
        if known is not None and self._holds(known):
            return known
        session = await self._verified(token, digest)
        self._remember(session)
        return session

    def knows(self, authorization: str) -> bool:
        """Whether it was verified before and still holds; costs next to nothing."""
        token = authorization.partition(" ")[2].strip()
        known = self._remembered.get(hashlib.sha256(token.encode()).digest())
        return known is not None and self._holds(known)

    def _holds(self, session: Session) -> bool:
        """Nobody goes on with a token whose key the provider has taken back."""
        return self._now() < session.until and session.generation == self._provider.generation

    def _remember(self, session: Session) -> None:
        self._remembered[session.digest] = session
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)

    async def _verified(self, token: str, digest: bytes) -> Session:
        header = _header(token)
        keys = await self._provider.keys(str(header.get("kid", "")))
        generation = self._provider.generation
        claims = self._claims(token, keys)
        who = caller_of(claims, self._names)
        if who is None or not is_access_token(header, claims):
            raise refused()
        until = float(str(claims["exp"])) + SKEW
        return Session(who, claims, token, digest, until, generation)

    def _claims(self, token: str, keys: KeySet) -> Claims:
        try:
            claims = jwt.decode(token, keys, registry=REGISTRY, decoder_cls=OncePerName).claims
            registry = jwt.JWTClaimsRegistry(now=int(self._now()), leeway=SKEW, **self._wanted)
            registry.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError, RecursionError):
            raise refused() from None
        return claims


class _Registry(JWSRegistry):
    """Reads EdDSA, the older name, as Ed25519; its other curve is not ours."""

    def get_alg(self, name: str) -> JWSAlgModel:
        return super().get_alg("Ed25519" if name == "EdDSA" else name)


REGISTRY = _Registry(algorithms=ALGORITHMS, strict_check_header=False)


class OncePerName(json.JSONDecoder):
    """Two readers could take different ones of two claims with one name."""

    def __init__(self) -> None:
        super().__init__(object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name is given twice")
    return made


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    if not authorization:
        raise missing()
    if scheme.lower() != "bearer" or not token or len(token) > LONGEST or not token.isascii():
        raise refused()
    return token.strip()


def _header(token: str) -> Claims:
    """Of an algorithm we take; keys that a header names or carries are not even looked at."""
    head = token.partition(".")[0]
    try:
        header = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)), cls=OncePerName)
    except (ValueError, RecursionError):
        raise refused() from None
    if not isinstance(header, dict) or header.get("alg") not in ALGORITHMS:
        raise refused()
    return header


def missing() -> Problem:
    detail = Sentence("Send an access token as Authorization: Bearer …", "请携带访问令牌")
    return Problem(401, "not_signed_in", detail, headers={"WWW-Authenticate": "Bearer"})


def refused() -> Problem:
    detail = Sentence(
        "The access token is not valid for this service; sign in again",
        "访问令牌无效，请重新登录",
    )
    challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    return Problem(401, "token_refused", detail, headers=challenge)
