"""Whatever is sent as a token: refused as 401 with a problem, never a failure of ours."""

import asyncio
import json
import time
from base64 import urlsafe_b64encode
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, Key, RSAKey

from gateway.problems import MEDIA_TYPE
from gateway.provider import ASKED_AT_MOST_EVERY
from gateway.tokens import LONGEST
from tests.gateway.fakes import FakeProvider
from tests.gateway.signing import Signing

FORGER = RSAKey.generate_key(2048, {"kid": "k1"})
ANYTHING = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def signed(header: dict[str, Any], payload: bytes, key: Key) -> str:
    """Signed as it is, whatever it says; JSON or not."""
    whole = {"alg": "RS256", "kid": "k1", **header}
    registry = jws.JWSRegistry(algorithms=["RS256"], strict_check_header=False)
    return jws.serialize_compact(whole, payload, key, registry=registry)


def assert_refused(http: httpx.Client, token: str | bytes) -> None:
    raw = token.encode() if isinstance(token, str) else token
    answer = http.get("/v1/me", headers=[(b"Authorization", b"Bearer " + raw)])

    assert answer.status_code == 401, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.json()["code"] in ("token_refused", "not_signed_in")


@ANYTHING
@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=200))
def test_any_text(http: httpx.Client, text: str) -> None:
    assert_refused(http, text)


@ANYTHING
@given(st.binary(min_size=1, max_size=120), st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes_in_three_parts(
    http: httpx.Client, head: bytes, claims: bytes, signature: bytes
) -> None:
    assert_refused(http, ".".join(map(base64, (head, claims, signature))))


@ANYTHING
@given(st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "x5c", "jwk"]), JSON))
def test_any_header(http: httpx.Client, signing: Signing, header: dict[str, Any]) -> None:
    _, claims, signature = signing.token().split(".")

    assert_refused(http, f"{base64(json.dumps(header).encode())}.{claims}.{signature}")


@ANYTHING
@given(st.binary(max_size=200))
def test_any_payload_of_the_provider_itself(
    http: httpx.Client, signing: Signing, payload: bytes
) -> None:
    assert_refused(http, signed({}, payload, signing.key))


@ANYTHING
@given(st.sampled_from(["iss", "aud", "sub", "exp", "iat", "nbf", "typ", "token_use"]), JSON)
def test_any_claim_of_another_kind(
    http: httpx.Client, signing: Signing, name: str, value: object
) -> None:
    claims = signing.claims(sub=None, aud="another-service")

    assert_refused(http, signed({}, json.dumps({**claims, name: value}).encode(), signing.key))


def twice(signing: Signing, name: str, value: object) -> bytes:
    claims = json.dumps(signing.claims())
    return f"{claims[:-1]},{json.dumps(name)}:{json.dumps(value)}}}".encode()


@pytest.mark.parametrize(("name", "value"), [("sub", "s-2"), ("roles", ["auditor"]), ("exp", 9e9)])
def test_a_claim_given_twice(
    http: httpx.Client, signing: Signing, name: str, value: object
) -> None:
    assert_refused(http, signed({}, twice(signing, name, value), signing.key))


def test_a_header_given_twice(http: httpx.Client, signing: Signing) -> None:
    _, claims, signature = signing.token().split(".")
    head = base64(b'{"alg":"none","alg":"RS256","kid":"k1"}')

    assert_refused(http, f"{head}.{claims}.{signature}")


@pytest.mark.parametrize(
    "kid",
    ["../../../../dev/null", "k1' OR '1'='1", "k1\x00", "k1\n", "", "k2", "http://evil", "k" * 300],
)
def test_a_key_id_chooses_among_known_keys_and_nothing_else(
    http: httpx.Client, signing: Signing, kid: str
) -> None:
    assert_refused(http, signed({"kid": kid}, json.dumps(signing.claims()).encode(), FORGER))


def test_a_key_that_a_token_brings_along_is_not_looked_at(
    http: httpx.Client, signing: Signing
) -> None:
    with_forged_keys = FakeProvider()
    with_forged_keys.keys.append(dict(FORGER.as_dict(private=False)))
    elsewhere = f"{with_forged_keys.issuer}/keys"
    claims = json.dumps(signing.claims()).encode()

    for header in ({"jku": elsewhere}, {"x5u": elsewhere}, {"jwk": FORGER.as_dict(private=False)}):
        assert_refused(http, signed(header, claims, FORGER))

    with_forged_keys.stop()
    assert with_forged_keys.asked == 0


@pytest.mark.parametrize(
    "header",
    [{"crit": ["exp"], "exp": 1}, {"crit": ["b64"], "b64": False}, {"crit": ["x"], "x": 1}],
    ids=str,
)
def test_what_a_token_calls_critical_must_be_understood(
    http: httpx.Client, signing: Signing, header: dict[str, Any]
) -> None:
    _, claims, signature = signing.token().split(".")
    head = base64(json.dumps({"alg": "RS256", "kid": "k1", **header}).encode())

    assert_refused(http, f"{head}.{claims}.{signature}")


@pytest.mark.parametrize("kind", ["logout+jwt", "dpop+jwt", "secevent+jwt", "JOSE", "at+jwt+x"])
def test_a_token_of_another_type_signed_by_the_provider(
    http: httpx.Client, signing: Signing, kind: str
) -> None:
    assert_refused(http, signed({"typ": kind}, json.dumps(signing.claims()).encode(), signing.key))


@pytest.mark.parametrize("kind", ["at+jwt", "AT+JWT", "application/at+jwt", "JWT"])
def test_the_types_of_access_tokens(http: httpx.Client, signing: Signing, kind: str) -> None:
    token = signed({"typ": kind}, json.dumps(signing.claims()).encode(), signing.key)

    answer = http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 200


def test_headers_nobody_knows_are_ignored(http: httpx.Client, signing: Signing) -> None:
    token = signed({"x5t": "abc", "own": 1}, json.dumps(signing.claims()).encode(), signing.key)

    answer = http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 200


def nested(depth: int) -> bytes:
    return b'{"sub":' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize("depth", [100, 2500])
def test_claims_nested_without_end(http: httpx.Client, signing: Signing, depth: int) -> None:
    assert_refused(http, signed({}, nested(depth), signing.key))
    assert_refused(http, f"{base64(nested(depth))}.e30.x")


def test_a_token_inside_a_token(http: httpx.Client, signing: Signing) -> None:
    inner = signing.token().encode()

    assert_refused(http, signed({"cty": "JWT"}, inner, signing.key))


def test_an_encrypted_token(http: httpx.Client) -> None:
    head = base64(b'{"alg":"RSA-OAEP","enc":"A256GCM","kid":"k1"}')

    assert_refused(http, f"{head}.YQ.YQ.YQ.YQ")


def test_huge_tokens(http: httpx.Client, signing: Signing) -> None:
    claims = json.dumps(signing.claims(padding="x" * LONGEST)).encode()

    assert_refused(http, signed({}, claims, signing.key))
    assert_refused(http, "x" * (LONGEST + 1))
    unheard = http.get("/v1/me", headers={"Authorization": "Bearer " + "x" * 60_000})
    assert (unheard.status_code, unheard.headers["content-type"]) == (431, MEDIA_TYPE)


@pytest.mark.parametrize("raw", [b"\xff\xfe.\xff.\xff", "令牌".encode(), b"a b c"])
def test_bytes_that_are_no_text(http: httpx.Client, raw: bytes) -> None:
    assert_refused(http, raw)


def test_a_signature_of_another_curve_or_empty(http: httpx.Client, signing: Signing) -> None:
    head, claims, _ = signing.token().split(".")
    other = ECKey.generate_key("P-256", {"kid": "k1"})
    by_other = jws.serialize_compact(
        {"alg": "ES256", "kid": "k1"}, json.dumps(signing.claims()).encode(), other
    )

    for token in (f"{head}.{claims}.", f"{head}.{claims}", by_other):
        assert_refused(http, token)


@pytest.mark.parametrize("exp", [float("inf"), float("nan"), -1, 1e400, True, "9999999999", [1]])
def test_times_that_are_no_times(http: httpx.Client, signing: Signing, exp: object) -> None:
    assert_refused(http, signed({}, json.dumps(signing.claims(exp=exp)).encode(), signing.key))


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"exp": -25}, 200),
        ({"exp": -40}, 401),
        ({"nbf": 25}, 200),
        ({"nbf": 60}, 401),
        ({"iat": 25}, 200),
        ({"iat": 60}, 401),
    ],
    ids=str,
)
def test_clocks_may_differ_by_half_a_minute(
    http: httpx.Client, signing: Signing, changed: dict[str, int], status: int
) -> None:
    moved = {name: int(time.time()) + by for name, by in changed.items()}

    answer = http.get("/v1/me", headers={"Authorization": f"Bearer {signing.token(**moved)}"})

    assert answer.status_code == status


def test_a_flood_of_unknown_keys_reaches_the_provider_hardly_ever(
    base_url: str, signing: Signing, provider: FakeProvider
) -> None:
    claims = json.dumps(signing.claims()).encode()
    tokens = [signed({"kid": str(uuid4())}, claims, FORGER) for _ in range(300)]
    before, started = provider.asked, time.monotonic()

    async def flood() -> list[int]:
        async with httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=60) as client:
            headers = [{"Authorization": f"Bearer {token}"} for token in tokens]
            answers = await asyncio.gather(*(client.get("/v1/me", headers=h) for h in headers))
            return [answer.status_code for answer in answers]

    assert set(asyncio.run(flood())) == {401}
    allowed = 2 + (time.monotonic() - started) / ASKED_AT_MOST_EVERY
    assert provider.asked - before <= allowed
