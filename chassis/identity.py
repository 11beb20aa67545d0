"""Who is calling: a short-lived token, signed by the gateway, verified by every service."""

import json
import time
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from chassis.scope import Reach

METADATA_KEY = "liheng-caller"
AUDIENCE = "liheng-services"
ALGORITHM = "Ed25519"
VALID_FOR = 60.0  # seconds
RENEWED_AFTER = 30.0  # seconds
REMEMBERED = 1024  # tokens


@dataclass(frozen=True)
class Caller:
    """A member of staff or a system, as the gateway knows them.

    *reach* says which rows their roles let them see, *sees* which masked kinds of field.
    """

    staff_id: str
    roles: frozenset[str] = field(default_factory=frozenset)
    team_id: str = ""
    branch_id: str = ""
    system: str = ""
    reach: Reach = Reach.NONE
    sees: frozenset[str] = field(default_factory=frozenset)


NOBODY = Caller(staff_id="")


class Unauthenticated(Exception):
    """The caller's token is missing, forged or expired."""


_caller: ContextVar[Caller] = ContextVar("caller")


def caller() -> Caller:
    """The verified caller of the call being answered."""
    return _caller.get()


def caller_or_nobody() -> Caller:
    """For what also happens when nobody has called: events, timers."""
    return _caller.get(NOBODY)


def set_caller(who: Caller) -> None:
    _caller.set(who)


class _Remembered:
    """The newest answers, each until it expires."""

    def __init__(self) -> None:
        self._entries: OrderedDict[object, tuple[float, object]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object, now: float) -> object | None:
        with self._lock:
            until, value = self._entries.get(key, (0.0, None))
        return value if now < until else None

    def put(self, key: object, value: object, until: float) -> None:
        with self._lock:
            self._entries[key] = (until, value)
            while len(self._entries) > REMEMBERED:
                self._entries.popitem(last=False)


def read_keys(text: str) -> list[OKPKey]:
    """An Ed25519 JWK, or a set of them; a key without an id is called by its thumbprint."""
    told = json.loads(text)
    keys = [OKPKey.import_key(one) for one in told.get("keys", [told])]
    if not keys or any(key.curve_name != ALGORITHM for key in keys):
        raise ValueError("callers are signed with Ed25519 keys")
    for key in keys:
        key.ensure_kid()
    return keys


class CallerSigner:
    """Signs callers with the gateway's private key; of a set, with the first."""

    def __init__(self, private_jwk: str, now: Callable[[], float] = time.time) -> None:
        self._key = read_keys(private_jwk)[0]
        self._now = now
        self._tokens = _Remembered()

    def sign(self, who: Caller) -> str:
        now = self._now()
        token = self._tokens.get(who, now)
        if not isinstance(token, str):
            token = self._signed(who, now)
            self._tokens.put(who, token, now + RENEWED_AFTER)
        return token

    def _signed(self, who: Caller, now: float) -> str:
        claims = {
            "aud": AUDIENCE,
            "sub": who.staff_id,
            "roles": sorted(who.roles),
            "team": who.team_id,
            "branch": who.branch_id,
            "system": who.system,
            "reach": who.reach,
            "sees": sorted(who.sees),
            "exp": int(now + VALID_FOR),
        }
        header = {"alg": ALGORITHM, "kid": self._key.kid}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


class CallerVerifier:
    """Verifies callers with the gateway's public key, or any of a set of them.

    A set lets the gateway change its key while services run: they know the next one before it
    signs, and the last one until its tokens have expired.
    """

    def __init__(self, public_jwk: str, now: Callable[[], float] = time.time) -> None:
        self._keys = KeySet(list(read_keys(public_jwk)))
        self._now = now
        self._callers = _Remembered()

    def verify(self, token: str) -> Caller:
        """Raise Unauthenticated unless the token is genuine, meant for us and still valid."""
        now = self._now()
        known = self._callers.get(token, now)
        if isinstance(known, Caller):
            return known
        claims = self._claims(token, now)
        who = _told(claims)
        self._callers.put(token, who, float(claims["exp"]))
        return who

    def _claims(self, token: str, now: float) -> dict[str, Any]:
        try:
            claims = jwt.decode(token, self._keys, algorithms=[ALGORITHM]).claims
            jwt.JWTClaimsRegistry(
                now=int(now),
                aud={"essential": True, "value": AUDIENCE},
                sub={"essential": True},
                exp={"essential": True},
                roles={"essential": True},
                team={"essential": True, "allow_blank": True},
                branch={"essential": True, "allow_blank": True},
                system={"essential": True, "allow_blank": True},
                reach={"essential": True, "values": [str(reach) for reach in Reach]},
                sees={"essential": True, "allow_blank": True},
            ).validate(claims)
        except (JoseError, ValueError) as error:
            raise Unauthenticated(type(error).__name__) from error
        return claims


def _told(claims: dict[str, Any]) -> Caller:
    return Caller(
        staff_id=str(claims["sub"]),
        roles=frozenset(claims["roles"]),
        team_id=str(claims["team"]),
        branch_id=str(claims["branch"]),
        system=str(claims["system"]),
        reach=Reach(claims["reach"]),
        sees=frozenset(claims["sees"]),
    )
