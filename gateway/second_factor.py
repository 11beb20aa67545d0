"""Privileged roles need a second factor: which roles, and what counts, is in permissions.toml."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from gateway.claims import Claims, text, words
from gateway.permissions import DATA
from gateway.problems import Problem
from gateway.sentences import Sentence
from gateway.tokens import Session


class SecondFactor:
    """Reads how somebody signed in from `amr` (RFC 8176) and `acr`."""

    def __init__(
        self,
        roles: Iterable[str],
        sufficient: Iterable[str],
        kinds: Mapping[str, Iterable[str]],
        acr_values: str,
    ) -> None:
        self.roles = frozenset(roles)
        self._sufficient = frozenset(sufficient)
        self._kinds = [frozenset(kind) for kind in kinds.values()]
        self._acr_values = acr_values

    def check(self, session: Session) -> None:
        if self.roles & session.caller.roles and not self._used(session.claims):
            raise needed(self._acr_values)

    def _used(self, claims: Claims) -> bool:
        """Said outright, or by methods of two kinds."""
        methods = words(claims.get("amr"))
        return (
            text(claims.get("acr")) in self._acr_values.split()
            or bool(methods & self._sufficient)
            or sum(1 for kind in self._kinds if methods & kind) > 1
        )


def load(acr_values: str, path: Path = DATA) -> SecondFactor:
    data = tomllib.loads(path.read_text(encoding="utf-8"))["second_factor"]
    return SecondFactor(data["roles"], data["sufficient"], data["kinds"], acr_values)


def needed(acr_values: str) -> Problem:
    """The challenge of RFC 9470: sign in again, this time with more."""
    detail = Sentence(
        "Your roles need a second factor; sign in again with one",
        "您的角色需要双因素认证，请使用第二因素重新登录",
    )
    challenge = 'Bearer error="insufficient_user_authentication"'
    if acr_values:
        challenge += f', acr_values="{acr_values}"'
    return Problem(401, "second_factor_needed", detail, headers={"WWW-Authenticate": challenge})
