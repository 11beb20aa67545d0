"""A front-end signing somebody in, as a page in a browser does: authorization code with PKCE."""

import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from deploy.local.identity.configuration import FRONT_END

BACK_AT = "http://127.0.0.1:45678/signed-in"
TRANSACTION = re.compile(r'name="transaction_id" value="([^"]+)"')


@dataclass
class Browser:
    """Keeps the provider's cookies, and the secret of the sign-in under way."""

    issuer: str
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=secrets.token_urlsafe)

    def __post_init__(self) -> None:
        self._http = httpx.Client(base_url=self.issuer, trust_env=False)

    def sign_in(self, username: str, password: str) -> str:
        """The authorization code that the provider sends the browser back with."""
        page = self._http.get("/authorize", params=self.asked())
        transaction = TRANSACTION.search(page.text)
        assert transaction is not None, page.text
        form = {"transaction_id": transaction[1], "username": username, "password": password}
        sent_back = self._http.post("/authorize", data=form)
        assert sent_back.status_code == 302, sent_back.text
        told = parse_qs(urlsplit(sent_back.headers["location"]).query)
        assert told["state"] == [self.state]
        return told["code"][0]

    def asked(self) -> dict[str, str]:
        challenge = urlsafe_b64encode(sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        return {
            "response_type": "code",
            "client_id": FRONT_END,
            "redirect_uri": BACK_AT,
            "scope": "openid profile",
            "state": self.state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }

    def exchange(self, code: str, verifier: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "client_id": FRONT_END,
            "redirect_uri": BACK_AT,
            "code": code,
            "code_verifier": verifier,
        }
        return self._http.post("/token", data=form)

    def tokens(self, username: str, password: str) -> dict[str, Any]:
        answer = self.exchange(self.sign_in(username, password), self.verifier)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def revoke(self, token: str) -> None:
        answer = self._http.post("/revoke", data={"token": token, "client_id": FRONT_END})
        assert answer.status_code == 200, answer.text

    def close(self) -> None:
        self._http.close()
