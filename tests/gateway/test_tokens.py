"""Whom the gateway lets in."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from tests.gateway.conftest import Ask
from tests.gateway.fakes import Answers, FakeProvider
from tests.gateway.signing import Signing
from tests.gateway.test_provider import caller_of

HOUR = 3600


def present(http: httpx.Client, authorization: str) -> httpx.Response:
    headers = {"Authorization": authorization, "Accept-Language": "en"}
    return http.get("/v1/me", headers=headers)


def signed(key: Key, algorithm: str, claims: dict[str, Any], kid: str = "k1") -> str:
    return jwt.encode({"alg": algorithm, "kid": kid}, claims, key, algorithms=[algorithm])


def unsigned(claims: dict[str, Any]) -> str:
    return f"{encoded({'alg': 'none', 'kid': 'k1'})}.{encoded(claims)}."


def encoded(part: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def test_without_a_token_the_gateway_asks_who_is_there(ask: Ask, answers: Answers) -> None:
    answer = ask("GET", "/customers", role="")

    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answers.calls == []


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer",
        "Bearer x",
        "Bearer a.b.c",
        "Bearer ..",
        "Bearer eyJhbGciOiJSUzI1NiJ9.e30.",
        "Basic dXNlcjpwYXNz",
        "Bearer " + "x" * 9000,
        "Bearer W10.e30.x",
        "Bearer bnVsbA.e30.x",
    ],
)
def test_garbage_is_refused(http: httpx.Client, authorization: str) -> None:
    answer = present(http, authorization)

    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another-service"},
        {"aud": None},
        {"iss": "https://another.example"},
        {"iss": None},
        {"exp": int(time.time()) - HOUR},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": int(time.time()) + HOUR},
        {"sub": None},
        {"sub": ""},
        {"token_use": "id"},
        {"token_use": "refresh"},
        {"typ": "Refresh"},
    ],
    ids=",".join,
)
def test_a_genuine_token_for_something_else_is_refused(
    http: httpx.Client, signing: Signing, changed: dict[str, Any]
) -> None:
    answer = present(http, f"Bearer {signing.token(**changed)}")

    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")


def test_an_unsigned_token_is_refused(http: httpx.Client, signing: Signing) -> None:
    assert present(http, f"Bearer {unsigned(signing.claims())}").status_code == 401


def test_a_token_signed_by_somebody_else_is_refused(http: httpx.Client, signing: Signing) -> None:
    forger = RSAKey.generate_key(2048)

    token = signed(forger, "RS256", signing.claims())

    assert present(http, f"Bearer {token}").status_code == 401


def test_the_public_key_is_no_secret_to_sign_with(http: httpx.Client, signing: Signing) -> None:
    told = f"{encoded({'alg': 'HS256', 'kid': 'k1'})}.{encoded(signing.claims())}"
    secret = signing.key.as_pem(private=False)

    mac = hmac.digest(secret, told.encode(), "sha256")

    token = f"{told}.{urlsafe_b64encode(mac).decode().rstrip('=')}"
    assert present(http, f"Bearer {token}").status_code == 401


def test_a_changed_token_is_refused(http: httpx.Client, signing: Signing) -> None:
    head, _, signature = signing.token().split(".")
    claims = signing.claims(roles=["administrator"])

    assert present(http, f"Bearer {head}.{encoded(claims)}.{signature}").status_code == 401


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ECKey.generate_key("P-256", {"kid": "e1"}), "ES256"),
        (OKPKey.generate_key("Ed25519", {"kid": "o1"}), "Ed25519"),
        (OKPKey.generate_key("Ed25519", {"kid": "o2", "alg": "EdDSA"}), "EdDSA"),
    ],
    ids=["ES256", "Ed25519", "EdDSA"],
)
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # says who signs, not who verifies
def test_other_sound_algorithms_are_known(
    provider: FakeProvider, signing: Signing, key: Key, algorithm: str
) -> None:
    provider.keys.append(dict(key.as_dict(private=False)))
    token = signed(key, algorithm, signing.claims(), str(key.kid))

    who = caller_of(provider, f"Bearer {token}")

    assert who.staff_id == "s-wangjun"


def test_staff_cannot_be_given_the_roles_of_systems(http: httpx.Client, signing: Signing) -> None:
    answer = present(http, f"Bearer {signing.staff('adviser', 'client_channel', 'system')}")

    assert answer.json()["roles"] == ["adviser"]


def test_a_system_gets_no_roles_of_staff(http: httpx.Client, signing: Signing) -> None:
    answer = present(http, f"Bearer {signing.system('client-app', 'administrator', 'openid')}")

    assert answer.json()["roles"] == []
    assert answer.json()["permissions"] == ["me.read"]


@pytest.mark.parametrize(
    ("roles", "known"),
    [
        (["adviser", "team_leader"], ["adviser", "team_leader"]),
        ("adviser team_leader", ["adviser", "team_leader"]),
        ("adviser", ["adviser"]),
        ("", []),
        (None, []),
        (7, []),
        ({"adviser": True}, []),
        ([7, ["adviser"]], []),
    ],
    ids=str,
)
def test_roles_come_as_a_list_or_as_words(
    http: httpx.Client, signing: Signing, roles: object, known: list[str]
) -> None:
    answer = present(http, f"Bearer {signing.token(roles=roles)}")

    assert (answer.status_code, answer.json()["roles"]) == (200, known)
