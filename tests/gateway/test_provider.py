"""How the gateway keeps the provider's keys, and verified tokens."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from joserfc.jwk import RSAKey

from chassis.identity import Caller
from gateway.claims import ClaimNames
from gateway.problems import Problem
from gateway.provider import ASKED_AT_MOST_EVERY, KEYS_VALID_FOR, Provider, usable
from gateway.tokens import Tokens
from tests.gateway.fakes import FakeProvider
from tests.gateway.signing import AUDIENCE, Signing

NAMES = ClaimNames("roles", "team_id", "branch_id")


class Watch:
    """A clock that moves when it is told to."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def own() -> Iterator[FakeProvider]:
    made = FakeProvider()
    yield made
    made.stop()


def caller_of(provider: FakeProvider, authorization: str) -> Caller:
    async def asked() -> Caller:
        async with httpx.AsyncClient(trust_env=False) as client:
            tokens = Tokens(Provider(provider.issuer, client), provider.issuer, AUDIENCE, NAMES)
            return (await tokens.session(authorization)).caller

    return asyncio.run(asked())


def asked_for(own: FakeProvider, watch: Watch, *steps: tuple[float, str]) -> int:
    """How often the provider was asked, when these key ids came up at these times."""

    async def ran() -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            provider = Provider(own.issuer, client, now=watch)
            for at, kid in steps:
                watch.now = at
                await provider.keys(kid)

    asyncio.run(ran())
    return own.asked


def test_known_keys_are_asked_for_once(own: FakeProvider) -> None:
    own.keys.append(Signing(own.issuer).public)

    assert asked_for(own, Watch(), (0, "k1"), (1, "k1"), (2, "k1")) == 1


def test_keys_are_asked_for_again_when_they_are_old(own: FakeProvider) -> None:
    own.keys.append(Signing(own.issuer).public)

    assert asked_for(own, Watch(), (0, "k1"), (KEYS_VALID_FOR + 1, "k1")) == 2


def test_unknown_key_ids_do_not_become_a_flood(own: FakeProvider) -> None:
    own.keys.append(Signing(own.issuer).public)
    steps = [(0.0, "k1"), *((1.0 + n / 100, f"x{n}") for n in range(100))]

    assert asked_for(own, Watch(), *steps) == 1
    assert asked_for(own, Watch(), (0, "x"), (ASKED_AT_MOST_EVERY + 1, "y")) == 1 + 2


def test_a_new_key_is_found(own: FakeProvider) -> None:
    watch, old, new = Watch(), Signing(own.issuer), Signing(own.issuer, "k2")
    own.keys.append(old.public)

    async def ran() -> Caller:
        async with httpx.AsyncClient(trust_env=False) as client:
            tokens = Tokens(Provider(own.issuer, client, now=watch), own.issuer, AUDIENCE, NAMES)
            await tokens.session(f"Bearer {old.token()}")
            own.keys[:] = [new.public]
            watch.now = ASKED_AT_MOST_EVERY + 1
            return (await tokens.session(f"Bearer {new.token(sub='s-2')}")).caller

    assert asyncio.run(ran()).staff_id == "s-2"


@asynccontextmanager
async def learning(provider: Provider) -> AsyncIterator[None]:
    task = asyncio.create_task(provider.keep_learning())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


def test_a_key_that_was_taken_back_shuts_out_tokens_already_known(
    own: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.provider.REFRESHED_EVERY", 0.05)
    old, new = Signing(own.issuer), Signing(own.issuer, "k2")
    own.keys[:] = [old.public, new.public]

    async def ran() -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            provider = Provider(own.issuer, client)
            tokens = Tokens(provider, own.issuer, AUDIENCE, NAMES)
            async with learning(provider):
                await tokens.session(f"Bearer {old.token()}")
                before = provider.generation
                own.keys[:] = [new.public]
                await until(lambda: provider.generation > before)
                await tokens.session(f"Bearer {new.token()}")
                await tokens.session(f"Bearer {old.token()}")

    with pytest.raises(Problem, match="not valid"):
        asyncio.run(ran())


def test_keys_that_stay_the_same_let_tokens_be_remembered(own: FakeProvider) -> None:
    own.keys.append(Signing(own.issuer).public)

    async def ran() -> int:
        async with httpx.AsyncClient(trust_env=False) as client:
            provider = Provider(own.issuer, client, now=(watch := Watch()))
            await provider.keys("k1")
            first = provider.generation
            watch.now = KEYS_VALID_FOR + 1
            await provider.keys("k1")
            return provider.generation - first

    assert asyncio.run(ran()) == 0
    assert own.asked == 2


def test_old_keys_are_not_believed_when_the_provider_stays_away() -> None:
    own, watch = FakeProvider(), Watch()
    own.keys.append(Signing(own.issuer).public)

    async def ran() -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            provider = Provider(own.issuer, client, now=watch)
            await provider.keys("k1")
            own.stop()
            watch.now = KEYS_VALID_FOR
            await provider.keys("k1")
            watch.now = KEYS_VALID_FOR + 1
            await provider.keys("k1")

    with pytest.raises(Problem) as away:
        asyncio.run(ran())
    assert (watch.now, away.value.code) == (KEYS_VALID_FOR + 1, "identity_provider_away")


def test_a_key_nobody_can_use_harms_no_other(caplog: pytest.LogCaptureFixture) -> None:
    good = Signing("https://provider.example").public
    told = [
        {"kty": "AKP", "kid": "later", "alg": "ML-DSA-44"},
        {"kty": "RSA", "kid": "broken"},
        {"kty": "oct", "kid": "secret", "k": "AAAA"},
        {**good, "kid": "short", "n": good["n"][:171]},
        {**good, "kid": "for encryption", "use": "enc"},
        {"kid": "nothing"},
        good,
    ]

    assert [key.kid for key in usable(told)] == ["k1"]
    assert "cannot be read" in caplog.text


def test_a_provider_behind_tls_does_not_send_us_away_from_it() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        told = {"issuer": "https://sso.example", "jwks_uri": "http://sso.example/keys"}
        return httpx.Response(200, json=told)

    async def ran() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
            await Provider("https://sso.example", client).keys("k1")

    with pytest.raises(Problem):
        asyncio.run(ran())
    assert asked == ["https://sso.example/.well-known/openid-configuration"]


def test_a_remembered_token_still_expires(own: FakeProvider) -> None:
    signing = Signing(own.issuer)
    own.keys.append(signing.public)
    watch = Watch(1_000_000.0)
    token = f"Bearer {signing.token(exp=1_000_100, nbf=None, iat=None)}"

    async def ran() -> Caller:
        async with httpx.AsyncClient(trust_env=False) as client:
            provider = Provider(own.issuer, client)
            tokens = Tokens(provider, own.issuer, AUDIENCE, NAMES, now=watch)
            await tokens.session(token)
            watch.now = 1_000_200.0
            return (await tokens.session(token)).caller

    with pytest.raises(Problem) as refused:
        asyncio.run(ran())
    assert refused.value.code == "token_refused"


def test_nobody_is_let_in_while_the_provider_is_away() -> None:
    gone = FakeProvider()
    gone.stop()

    with pytest.raises(Problem) as away:
        caller_of(gone, f"Bearer {Signing(gone.issuer).token()}")

    assert (away.value.status, away.value.code) == (503, "identity_provider_away")


def test_a_provider_by_another_name_is_not_believed(own: FakeProvider) -> None:
    own.keys.append(dict(RSAKey.generate_key(2048, {"kid": "k1"}).as_dict(private=False)))
    elsewhere = own.issuer.replace("127.0.0.1", "localhost")

    async def ran() -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            await Provider(elsewhere, client).keys("k1")

    with pytest.raises(Problem):
        asyncio.run(ran())


def subject_of(own: FakeProvider, name: str, **claims: object) -> Caller:
    signing = Signing(own.issuer)
    own.keys[:] = [signing.public]

    async def ran() -> Caller:
        async with httpx.AsyncClient(trust_env=False) as client:
            names = ClaimNames("roles", "team_id", "branch_id", name)
            tokens = Tokens(Provider(own.issuer, client), own.issuer, AUDIENCE, names)
            return (await tokens.session(f"Bearer {signing.token(**claims)}")).caller

    return asyncio.run(ran())


def test_staff_and_systems_may_be_named_by_another_claim(own: FakeProvider) -> None:
    staff = subject_of(own, "staff_id", sub="0b6f", staff_id="s-2", azp="console")
    system = subject_of(own, "staff_id", sub="77aa", staff_id="core", azp="core", scope="system")

    assert (staff.staff_id, staff.system) == ("s-2", "")
    assert (system.system, system.roles) == ("core", frozenset({"system"}))


@pytest.mark.parametrize("staff_id", [None, "", 7, ["s-2"]], ids=str)
def test_whoever_lacks_that_claim_is_nobody(own: FakeProvider, staff_id: object) -> None:
    with pytest.raises(Problem) as refused:
        subject_of(own, "staff_id", sub="s-2", staff_id=staff_id)
    assert refused.value.code == "token_refused"
