import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.errors import JoseError
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
OTHER_PRIVATE, OTHER_PUBLIC = key_pair()


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


def encoded_parts(parts: list[bytes]) -> str:
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def unsigned() -> str:
    parts = ({"alg": "none"}, {"sub": "s-ada", "aud": AUDIENCE})
    return encoded_parts([*(json.dumps(part).encode() for part in parts), b""])


def signed_with_the_public_key_as_secret() -> str:
    secret = OctKey.import_key(PUBLIC)
    return jwt.encode({"alg": "HS256"}, {"sub": "s-ada"}, secret, algorithms=["HS256"])


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_forged_and_broken_tokens_are_refused() -> None:
    for token in (unsigned(), signed_with_the_public_key_as_secret(), "", "x.y.z", "a" * 9000):
        with pytest.raises(Unauthenticated):
            CallerVerifier(PUBLIC, Time()).verify(token)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.lists(st.binary(max_size=60), max_size=5).map(encoded_parts))
def test_whatever_is_sent_as_a_token_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        CallerVerifier(PUBLIC, Time()).verify(token)


HEADERS: st.SearchStrategy[object] = st.sampled_from(
    [None, [], 7, "x", {}, {"alg": None}, {"alg": []}, {"alg": "Ed25519"}]
)


@given(HEADERS, st.none() | st.integers() | st.lists(st.integers()) | st.text())
def test_json_that_is_no_token_is_refused(header: object, claims: object) -> None:
    parts = [json.dumps(part).encode() for part in (header, claims)]

    with pytest.raises(Unauthenticated):
        CallerVerifier(PUBLIC, Time()).verify(encoded_parts([*parts, b"x"]))


def key_set(*jwks: str) -> str:
    return json.dumps({"keys": [json.loads(jwk) for jwk in jwks]})


def test_a_key_is_changed_while_services_run() -> None:
    now = Time()
    old, new = CallerSigner(PRIVATE, now).sign(ADA), CallerSigner(OTHER_PRIVATE, now).sign(ADA)
    before = CallerVerifier(PUBLIC, now)
    during = CallerVerifier(key_set(PUBLIC, OTHER_PUBLIC), now)
    after = CallerVerifier(key_set(OTHER_PUBLIC), now)

    assert (
        before.verify(old) == during.verify(old) == during.verify(new) == after.verify(new) == ADA
    )
    for verifier, token in ((before, new), (after, old)):
        with pytest.raises(Unauthenticated):
            verifier.verify(token)


def test_the_first_key_of_a_set_signs() -> None:
    now = Time()

    token = CallerSigner(key_set(OTHER_PRIVATE, PRIVATE), now).sign(ADA)

    assert CallerVerifier(OTHER_PUBLIC, now).verify(token) == ADA


def test_keys_keep_the_ids_they_were_given() -> None:
    named = json.dumps({**json.loads(PRIVATE), "kid": "2026-11"})
    known = json.dumps({**json.loads(PUBLIC), "kid": "2026-11"})
    now = Time()

    token = CallerSigner(named, now).sign(ADA)

    assert CallerVerifier(key_set(OTHER_PUBLIC, known), now).verify(token) == ADA


def test_a_token_that_names_another_key_is_refused() -> None:
    token = token_with({"alg": "Ed25519", "kid": "another"}, {})

    with pytest.raises(Unauthenticated):
        CallerVerifier(PUBLIC, Time()).verify(token)


@pytest.mark.parametrize(
    "text",
    ['{"keys": []}', json.dumps(OKPKey.generate_key("X25519").as_dict()), '{"kty": "RSA"}', "x"],
    ids=["none", "for exchange", "unfinished", "no JSON"],
)
def test_keys_of_another_kind_are_not_taken(text: str) -> None:
    with pytest.raises((ValueError, JoseError)):
        CallerVerifier(text)
