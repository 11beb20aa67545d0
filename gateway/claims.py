"""What the claims of a token say: whom it stands for, and what kind of token it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.identity import Caller

SYSTEM_ROLES = frozenset({"client_channel", "system"})
HEADER_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})

Claims = Mapping[str, object]


@dataclass(frozen=True)
class ClaimNames:
    """Where the provider puts what we need to know; dotted paths."""

    roles: str
    team: str
    branch: str
    subject: str = "sub"


def caller_of(claims: Claims, names: ClaimNames) -> Caller | None:
    """A token whose subject is its own client stands for a system, any other for staff.

    None when it has no subject.
    """
    subject = text(at(claims, names.subject))
    if not subject:
        return None
    if subject in (claims.get("client_id"), claims.get("azp")):
        return Caller(staff_id=subject, roles=_system_roles(claims), system=subject)
    return Caller(
        staff_id=subject,
        roles=words(at(claims, names.roles)) - SYSTEM_ROLES,
        team_id=text(at(claims, names.team)),
        branch_id=text(at(claims, names.branch)),
    )


def is_access_token(header: Claims, claims: Claims) -> bool:
    """Providers sign ID and refresh tokens with the same key and say so in one of these."""
    return (
        claims.get("token_use", "access") == "access"
        and claims.get("typ", "Bearer") == "Bearer"
        and text(header.get("typ", "JWT")).lower() in HEADER_TYPES
    )


def _system_roles(claims: Claims) -> frozenset[str]:
    """A system has the system roles that its provider granted it as scopes."""
    return words(claims.get("scope")) & SYSTEM_ROLES


def at(claims: Claims, path: str) -> object:
    found: object = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def words(found: object) -> frozenset[str]:
    """Of a list, or of a text with spaces between them: providers write either."""
    if isinstance(found, str):
        return frozenset(found.split())
    if isinstance(found, list):
        return frozenset(word for word in found if isinstance(word, str))
    return frozenset()


def text(found: object) -> str:
    return found if isinstance(found, str) else ""
