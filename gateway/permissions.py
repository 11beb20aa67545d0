"""What each role may do and see, precomputed from permissions.toml."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from chassis.scope import Reach, widest

DATA = Path(__file__).with_name("permissions.toml")


@dataclass(frozen=True)
class Sight:
    """Which rows a caller sees, and which kinds of masked field."""

    reach: Reach
    fields: frozenset[str]


@dataclass(frozen=True)
class Apart:
    """Nobody holds a role of the one side together with a role of the other."""

    one: frozenset[str]
    other: frozenset[str]

    def broken_by(self, roles: frozenset[str]) -> bool:
        return bool(roles & self.one) and bool(roles & self.other)


class Permissions:
    """Role → permissions; a caller with several roles may do what any of them may."""

    def __init__(
        self,
        everyone: Iterable[str],
        roles: Mapping[str, Iterable[str]],
        *,
        reach: Mapping[str, Reach] | None = None,
        sees: Mapping[str, Iterable[str]] | None = None,
        apart: Iterable[Apart] = (),
    ) -> None:
        self.everyone = frozenset(everyone)
        self.roles = {role: frozenset(may) | self.everyone for role, may in roles.items()}
        self.reach = dict(reach or {})
        self.sees = {kind: frozenset(seers) for kind, seers in (sees or {}).items()}
        self.apart = tuple(apart)
        self.of = lru_cache(maxsize=1024)(self._of)
        self.sight = lru_cache(maxsize=1024)(self._sight)
        self.conflict = lru_cache(maxsize=1024)(self._conflict)

    @property
    def known(self) -> frozenset[str]:
        return self.everyone.union(*self.roles.values())

    def allow(self, roles: frozenset[str], permission: str) -> bool:
        return permission in self.of(roles)

    def _of(self, roles: frozenset[str]) -> frozenset[str]:
        return self.everyone.union(*(self.roles.get(role, frozenset()) for role in roles))

    def _sight(self, roles: frozenset[str]) -> Sight:
        reach = widest(self.reach[role] for role in roles if role in self.reach)
        return Sight(reach, frozenset(kind for kind, seers in self.sees.items() if seers & roles))

    def _conflict(self, roles: frozenset[str]) -> bool:
        """Whether these roles are duties that must stay apart."""
        return any(apart.broken_by(roles) for apart in self.apart)


def load(path: Path = DATA) -> Permissions:
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return Permissions(
        data["everyone"],
        data["roles"],
        reach={role: Reach(reach) for reach, roles in data["reach"].items() for role in roles},
        sees=data["sees"],
        apart=[Apart(frozenset(a["one"]), frozenset(a["other"])) for a in data["apart"]],
    )


def digest(path: Path = DATA) -> str:
    """SHA-256 of the file, as the trail names the permissions in force."""
    return sha256(path.read_bytes()).hexdigest()
