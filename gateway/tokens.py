"""Bearer tokens of the institution's OpenID provider become callers."""

import hashlib
import json
import time
from base64 import urlsafe_b64decode
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis.identity import Caller
from gateway.problems import Problem
from gateway.sentences import Sentence

ALGORITHMS = ["RS256", "ES256", "Ed25519", "EdDSA"]
SKEW = 30  # seconds
LONGEST = 8192  # characters
REMEMBERED = 4096  # tokens
SYSTEM_ROLES = frozenset({"client_channel", "system"})

Claims = Mapping[str, object]


class Keys(Protocol):
    async def keys(self, kid: str) -> KeySet: ...


@dataclass(frozen=True)
class ClaimNames:
    """Where the provider puts what we need to know; dotted paths."""

    roles: str
    team: str
    branch: str


class Tokens:
    """Verifies tokens and remembers the verified ones, at most until they expire."""

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
        self._remembered: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()

    async def caller(self, authorization: str) -> Caller:
        token = _bearer(authorization)
        digest = hashlib.sha256(token.encode()).digest()
        until, known = self._remembered.get(digest, (0.0, None))
        if known is not None and self._now() < until:
            return known
        claims = await self._verified(token)
        who = self._caller(claims)
        self._remember(digest, float(str(claims["exp"])), who)
        return who

    def _remember(self, digest: bytes, until: float, who: Caller) -> None:
        self._remembered[digest] = (until, who)
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)

    async def _verified(self, token: str) -> Claims:
        header = _header(token)
        if header.get("alg") not in ALGORITHMS:
            raise refused()
        keys = await self._provider.keys(str(header.get("kid", "")))
        try:
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            registry = jwt.JWTClaimsRegistry(now=int(self._now()), leeway=SKEW, **self._wanted)
            registry.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError):
            raise refused() from None
        if not _is_access_token(claims):
            raise refused()
        return claims

    def _caller(self, claims: Claims) -> Caller:
        subject = str(claims["sub"])
        if subject in (claims.get("client_id"), claims.get("azp")):
            return Caller(staff_id=subject, roles=_system_roles(claims), system=subject)
        return Caller(
            staff_id=subject,
            roles=_names(_at(claims, self._names.roles)) - SYSTEM_ROLES,
            team_id=_text(_at(claims, self._names.team)),
            branch_id=_text(_at(claims, self._names.branch)),
        )


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    if not authorization:
        raise missing()
    if scheme.lower() != "bearer" or not token or len(token) > LONGEST or not token.isascii():
        raise refused()
    return token.strip()


def _header(token: str) -> dict[str, object]:
    head = token.partition(".")[0]
    try:
        header = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        raise refused() from None
    if not isinstance(header, dict):
        raise refused()
    return header


def _is_access_token(claims: Claims) -> bool:
    """Providers sign ID and refresh tokens with the same key and say so in one of these."""
    return claims.get("token_use", "access") == "access" and claims.get("typ", "Bearer") == "Bearer"


def _system_roles(claims: Claims) -> frozenset[str]:
    """A system has the system roles that its provider granted it as scopes."""
    return _names(_text(claims.get("scope")).split()) & SYSTEM_ROLES


def _at(claims: Claims, path: str) -> object:
    found: object = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _names(found: object) -> frozenset[str]:
    return frozenset(str(name) for name in found) if isinstance(found, list) else frozenset()


def _text(found: object) -> str:
    return found if isinstance(found, str) else ""


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
