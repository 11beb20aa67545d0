"""Access tokens for the example staff and systems, from the running provider."""

import threading
import time
from functools import cache
from typing import Any

import httpx

from deploy.local import settings
from deploy.local.identity.configuration import DESK, STAFF
from deploy.local.identity.institution import Institution, read
from deploy.local.say import Problem
from deploy.local.secrets import Secrets

RENEWED_BEFORE = 120.0  # seconds
TIMEOUT = 10.0  # seconds


class Desk:
    """Signs people and systems in, and keeps their tokens while they are good."""

    def __init__(self, issuer: str, secrets: Secrets, institution: Institution) -> None:
        self._endpoint = f"{issuer}/token"
        self._secrets = secrets
        self._systems = {system.system_id: system for system in institution.systems}
        self._kept: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def token_for(self, who: str) -> str:
        """*who* is a staff_id, or the id of a system."""
        with self._lock:
            until, token = self._kept.get(who, (0.0, ""))
            if time.monotonic() > until:
                until, token = self._signed_in(who)
                self._kept[who] = (until, token)
            return token

    def _signed_in(self, who: str) -> tuple[float, str]:
        answer = self.ask(*self.grant(who))
        return time.monotonic() + answer["expires_in"] - RENEWED_BEFORE, answer["access_token"]

    def grant(self, who: str) -> tuple[str, dict[str, str]]:
        """The client that signs *who* in, and how."""
        if who in self._systems:
            scope = " ".join(self._systems[who].roles)
            return who, {"grant_type": "client_credentials", "scope": scope}
        password = self._secrets.password(STAFF)
        return DESK, {"grant_type": "password", "username": who, "password": password}

    def ask(self, client_id: str, grant: dict[str, str]) -> dict[str, Any]:
        """The provider's whole answer (RFC 6749)."""
        answer = httpx.post(
            self._endpoint,
            data=grant,
            auth=(client_id, self._secrets.password(client_id)),
            timeout=TIMEOUT,
            trust_env=False,
        )
        if answer.is_error:
            raise Problem(f"sign-in was refused: {answer.status_code} {answer.text[:200]}")
        signed: dict[str, Any] = answer.json()
        return signed


@cache
def desk() -> Desk:
    """The desk of this stack."""
    here = settings.read()
    return Desk(here.url("identity"), Secrets(here.home / "secrets"), read())


def token_for(who: str) -> str:
    return desk().token_for(who)
