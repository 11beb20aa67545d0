"""A front-end signs staff in with PKCE; the provider ends the session and the gateway follows."""

import time
from collections.abc import Iterator

import httpx
import pytest

from deploy.local.identity.configuration import STAFF
from deploy.local.identity.tokens import Desk
from deploy.local.secrets import Secrets
from deploy.local.settings import Settings
from tests.gateway.integration.browser import Browser
from tests.patience import until

WITHIN = 6.0  # seconds


@pytest.fixture
def browser(sign_in: Desk, here: Settings) -> Iterator[Browser]:
    made = Browser(here.url("identity"))
    yield made
    made.close()


@pytest.fixture
def password(here: Settings) -> str:
    return Secrets(here.home / "secrets").password(STAFF)


def me(gateway_url: str, token: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{gateway_url}/v1/me", headers=headers, trust_env=False)


def test_an_authorization_code_with_pkce_opens_the_door(
    browser: Browser, password: str, gateway_url: str
) -> None:
    tokens = browser.tokens("s-compliance", password)

    answer = me(gateway_url, tokens["access_token"])

    assert (answer.status_code, answer.json()["staff_id"]) == (200, "s-compliance")


def test_the_id_token_beside_it_does_not(browser: Browser, password: str, gateway_url: str) -> None:
    tokens = browser.tokens("s-compliance", password)

    assert me(gateway_url, tokens["id_token"]).status_code == 401


def test_a_stolen_code_is_worth_nothing(browser: Browser, password: str) -> None:
    code = browser.sign_in("s-compliance", password)

    stolen = browser.exchange(code, "another-verifier-that-is-long-enough-to-be-one-of-them")

    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")


def test_without_pkce_there_is_no_code(browser: Browser, here: Settings) -> None:
    asked = browser.asked()
    del asked["code_challenge"], asked["code_challenge_method"]

    answer = httpx.get(here.url("identity", "/authorize"), params=asked, trust_env=False)

    assert "code=" not in answer.headers.get("location", "")
    assert "password" not in answer.text


def test_a_session_that_the_provider_ended_is_shut_out_within_seconds(
    browser: Browser, password: str, gateway_url: str
) -> None:
    token = browser.tokens("s-compliance", password)["access_token"]
    other = browser.tokens("s-compliance", password)["access_token"]
    assert me(gateway_url, token).status_code == 200

    browser.revoke(token)
    revoked_at = time.monotonic()
    until("the end of the session", lambda: me(gateway_url, token).status_code == 401)

    assert time.monotonic() - revoked_at < WITHIN
    assert me(gateway_url, token).json()["code"] == "token_refused"
    assert me(gateway_url, other).status_code == 200


def test_tokens_by_the_providers_new_key_are_taken_and_the_old_ones_still(
    browser: Browser, password: str, gateway_url: str, here: Settings
) -> None:
    before = browser.tokens("s-compliance", password)["access_token"]
    management = Secrets(here.home / "secrets").password("identity-management")

    rotated = httpx.post(
        here.url("identity", "/api/keys/rotate"),
        headers={"X-Management-Secret": management},
        trust_env=False,
    )

    assert rotated.status_code == 200, rotated.text
    after = browser.tokens("s-compliance", password)["access_token"]
    assert after.partition(".")[0] != before.partition(".")[0]
    until("the new key", lambda: me(gateway_url, after).status_code == 200)
    assert me(gateway_url, before).status_code == 200
