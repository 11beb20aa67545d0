"""What each role may do, precomputed from permissions.toml."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).with_name("permissions.toml")


class Permissions:
    """Role → permissions; a caller with several roles may do what any of them may."""

    def __init__(self, everyone: Iterable[str], roles: Mapping[str, Iterable[str]]) -> None:
        self.everyone = frozenset(everyone)
        self.roles = {role: frozenset(may) | self.everyone for role, may in roles.items()}
        self.of = lru_cache(maxsize=1024)(self._of)

    @property
    def known(self) -> frozenset[str]:
        return self.everyone.union(*self.roles.values())

    def allow(self, roles: frozenset[str], permission: str) -> bool:
        return permission in self.of(roles)

    def _of(self, roles: frozenset[str]) -> frozenset[str]:
        return self.everyone.union(*(self.roles.get(role, frozenset()) for role in roles))


def load(path: Path = DATA) -> Permissions:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Permissions(data["everyone"], data["roles"])
