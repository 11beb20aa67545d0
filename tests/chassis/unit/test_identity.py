import base64
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from chassis.identity import AUDIENCE, Caller, CallerSigner, CallerVerifier, Unauthenticated
from chassis.scope import Reach

ADA = Caller(
    "s-ada",
    frozenset({"adviser"}),
    "t-1",
    "b-1",
    reach=Reach.OWN,
    sees=frozenset({"name"}),
)


def key_pair() -> tuple[str, str]:
    key = OKPKey.generate_key("Ed25519")
    return json.dumps(key.as_dict(private=True)), json.dumps(key.as_dict(private=False))


PRIVATE, PUBLIC = key_pair()
OTHER_PRIVATE, _ = key_pair()


class Time:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def token_with(header: dict[str, str], claims: dict[str, Any], private: str = PRIVATE) -> str:
    whole = {
        "aud": AUDIENCE,
        "sub": "s-ada",
        "roles": ["adviser"],
        "team": "",
        "branch": "",
        "system": "",
        "reach": "own",
        "sees": [],
        "exp": 1_000_060,
    }
    key = OKPKey.import_key(json.loads(private))
    return jwt.encode(header, whole | claims, key, algorithms=[header["alg"]])


def test_a_signed_caller_is_known_again() -> None:
    now = Time()

    token = CallerSigner(PRIVATE, now).sign(ADA)

    assert CallerVerifier(PUBLIC, now).verify(token) == ADA


def test_a_token_is_reused_while_it_is_fresh() -> None:
    now = Time()
    signer = CallerSigner(PRIVATE, now)
    first = signer.sign(ADA)

    now.now += 29
    second = signer.sign(ADA)
    now.now += 2
    third = signer.sign(ADA)

    assert first == second != third


def test_an_expired_token_is_refused_even_when_it_was_seen_before() -> None:
    now = Time()
    verifier = CallerVerifier(PUBLIC, now)
    token = CallerSigner(PRIVATE, now).sign(ADA)
    verifier.verify(token)

    now.now += 61

    with pytest.raises(Unauthenticated):
        verifier.verify(token)


def test_a_token_of_another_key_is_refused() -> None:
    now = Time()

    with pytest.raises(Unauthenticated):
        CallerVerifier(PUBLIC, now).verify(CallerSigner(OTHER_PRIVATE, now).sign(ADA))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "somebody-else"},
        {"exp": 999_999},
        {"sub": ""},
        {"exp": None},
        {"roles": None},
        {"reach": None},
        {"reach": "everywhere"},
        {"sees": None},
    ],
    ids=str,
)
def test_a_token_with_wrong_claims_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        CallerVerifier(PUBLIC, Time()).verify(token_with({"alg": "Ed25519"}, claims))


def unsigned() -> str:
    header, claims = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "none"}, {"sub": "s-ada", "aud": AUDIENCE})
    )
    return f"{header}.{claims}."


def signed_with_the_public_key_as_secret() -> str:
    secret = OctKey.import_key(PUBLIC)
    return jwt.encode({"alg": "HS256"}, {"sub": "s-ada"}, secret, algorithms=["HS256"])


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_forged_and_broken_tokens_are_refused() -> None:
    for token in (unsigned(), signed_with_the_public_key_as_secret(), "", "x.y.z", "a" * 9000):
        with pytest.raises(Unauthenticated):
            CallerVerifier(PUBLIC, Time()).verify(token)
