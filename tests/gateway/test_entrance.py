"""The door's other questions: a strong sign-in by the provider's own words, leavers, sessions."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from gateway.config import GatewayConfig
from gateway.introspection import (
    ASKED_AGAIN_AFTER,
    AT_ONCE,
    BELIEVED_FOR,
    GRACE,
    LET_REST,
    Introspection,
)
from gateway.problems import Problem
from gateway.provider import Provider
from gateway.tokens import Session, Tokens
from tests.gateway.fakes import Answers, FakeProvider
from tests.gateway.running import free_port, running
from tests.gateway.signing import AUDIENCE, Signing
from tests.gateway.test_provider import NAMES, Watch
from tests.patience import until


def me(http: httpx.Client, token: str) -> httpx.Response:
    return http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture(scope="module")
def strict(config: GatewayConfig, provider: FakeProvider) -> Iterator[httpx.Client]:
    """A gateway that asks the provider about sessions, and knows its words for strong ones."""
    told = replace(
        config,
        oidc_client_id="gateway",
        oidc_client_secret="s3cret+/",
        oidc_acr_values="silver gold",
        address=f"127.0.0.1:{free_port()}",
    )
    with running(told) as url, httpx.Client(base_url=url, trust_env=False) as client:
        yield client
    provider.revoked.clear()


def test_the_challenge_names_what_would_be_enough(strict: httpx.Client, signing: Signing) -> None:
    weak = me(strict, signing.token(roles=["auditor"], amr=["pwd"], acr="bronze"))
    strong = me(strict, signing.token(roles=["auditor"], amr=None, acr="gold"))

    assert weak.headers["www-authenticate"] == (
        'Bearer error="insufficient_user_authentication", acr_values="silver gold"'
    )
    assert strong.status_code == 200


def test_a_second_factor_can_be_switched_off_by_configuration_only(
    config: GatewayConfig, signing: Signing, caplog: pytest.LogCaptureFixture
) -> None:
    lax = replace(config, second_factor=False, address=f"127.0.0.1:{free_port()}")

    with running(lax) as url, httpx.Client(base_url=url, trust_env=False) as client:
        assert me(client, signing.token(roles=["auditor"], amr=None)).status_code == 200
    assert "without a second factor" in caplog.text


def test_who_is_not_active_any_more_is_shut_out_within_seconds(
    http: httpx.Client, signing: Signing, answers: Answers
) -> None:
    leaver, other = signing.staff("adviser", staff_id="s-leaver"), signing.staff("adviser")
    assert me(http, leaver).status_code == 200

    answers.left.add("s-leaver")
    until("the end of it", lambda: me(http, leaver).status_code == 401)

    assert me(http, leaver).json()["code"] == "staff_deactivated"
    assert me(http, other).status_code == 200
    answers.left.clear()
    until("the return", lambda: me(http, leaver).status_code == 200)


def test_a_system_is_not_taken_for_staff_of_the_same_name(
    http: httpx.Client, signing: Signing, answers: Answers
) -> None:
    answers.left.add("client-app")
    namesake = signing.staff("adviser", staff_id="client-app")
    until("the end of it", lambda: me(http, namesake).status_code == 401)

    assert me(http, signing.system("client-app", "system")).status_code == 200
    answers.left.clear()


def test_a_revoked_session_is_shut_out_within_seconds(
    strict: httpx.Client, signing: Signing, provider: FakeProvider
) -> None:
    token = signing.token(jti="one")
    assert me(strict, token).status_code == 200

    provider.revoked.add(token)
    revoked_at = time.monotonic()
    until("the end of it", lambda: me(strict, token).status_code == 401)

    assert time.monotonic() - revoked_at < BELIEVED_FOR + 1
    assert me(strict, token).json()["code"] == "token_refused"
    assert me(strict, signing.token(jti="two")).status_code == 200


def test_the_provider_is_asked_with_the_gateways_own_credentials(
    strict: httpx.Client, signing: Signing, provider: FakeProvider
) -> None:
    me(strict, signing.token(jti="three"))

    assert provider.credentials == "gateway:s3cret%2B%2F"


class Asking:
    """An introspection on a clock of its own, and a provider that can go away."""

    def __init__(self, answer: Callable[[], httpx.Response]) -> None:
        self.watch = Watch(1000.0)
        self.asked = self.most_at_once = self._present = 0
        self._answer = answer

    async def _respond(self, request: httpx.Request) -> httpx.Response:
        told = {
            "issuer": "https://sso.example",
            "jwks_uri": "https://sso.example/keys",
            "introspection_endpoint": "https://sso.example/introspect",
        }
        if request.method == "GET":
            return httpx.Response(200, json={**told, "keys": [SIGNING.public]})
        self.asked += 1
        self._present += 1
        self.most_at_once = max(self.most_at_once, self._present)
        await asyncio.sleep(0)
        self._present -= 1
        return self._answer()

    @asynccontextmanager
    async def about(self) -> AsyncIterator[tuple[Introspection, Session]]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(self._respond)) as client:
            provider = Provider("https://sso.example", client, now=self.watch)
            tokens = Tokens(provider, "https://sso.example", AUDIENCE, NAMES)
            session = await tokens.session(f"Bearer {SIGNING.token()}")
            made = Introspection(provider, client, "gateway", "secret", now=self.watch)
            yield made, session
            await made.close()

    def until(self, *moments: float) -> None:
        """Check the session at each of these seconds, letting work beside the requests finish."""

        async def ran() -> None:
            async with self.about() as (introspection, session):
                for moment in moments:
                    self.watch.now = 1000.0 + moment
                    await introspection.check(session)
                    await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))

        asyncio.run(ran())


SIGNING = Signing("https://sso.example")


def active(yes: object = True) -> httpx.Response:
    return httpx.Response(200, json={"active": yes})


def test_an_answer_is_believed_for_a_moment() -> None:
    asking = Asking(active)

    asking.until(*(n / 100 for n in range(int(ASKED_AGAIN_AFTER * 100))))

    assert asking.asked == 1


def test_a_session_in_use_is_asked_about_beside_the_requests() -> None:
    asking = Asking(active)

    asking.until(0, ASKED_AGAIN_AFTER + 0.1, ASKED_AGAIN_AFTER + 0.2)

    assert asking.asked == 2


def test_requests_at_once_ask_once() -> None:
    asking = Asking(active)

    async def ran() -> None:
        async with asking.about() as (introspection, session):
            await asyncio.gather(*(introspection.check(session) for _ in range(50)))

    asyncio.run(ran())
    assert asking.asked == 1


def test_many_sessions_at_once_take_turns() -> None:
    asking = Asking(active)

    async def ran() -> None:
        async with asking.about() as (introspection, session):
            others = [replace(session, digest=bytes([n])) for n in range(5 * AT_ONCE)]
            await asyncio.gather(*(introspection.check(other) for other in others))

    asyncio.run(ran())
    assert asking.asked == 5 * AT_ONCE
    assert asking.most_at_once == AT_ONCE


@pytest.mark.parametrize("told", [False, None, "true", 1], ids=str)
def test_anything_but_active_is_not_active(told: object) -> None:
    with pytest.raises(Problem) as refused:
        Asking(lambda: active(told)).until(0)
    assert refused.value.code == "token_refused"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(401, json={"error": "invalid_client"}),
        httpx.Response(500),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={}),
        httpx.Response(302, headers={"Location": "https://elsewhere.example"}),
    ],
    ids=lambda answer: f"{answer.status_code} {answer.text}",
)
def test_a_session_the_provider_never_confirmed_is_let_nowhere(answer: httpx.Response) -> None:
    with pytest.raises(Problem) as refused:
        Asking(lambda: answer).until(0)
    assert (refused.value.status, refused.value.code) == (503, "identity_provider_away")


def test_a_confirmed_session_outlives_a_short_absence_and_no_long_one() -> None:
    answers = iter([active()])
    asking = Asking(lambda: next(answers, httpx.Response(503)))
    asking.until(0, 5, 10, 20, GRACE)

    answers = iter([active()])
    with pytest.raises(Problem) as refused:
        asking.until(0, 5, 10, GRACE + 1)
    assert refused.value.code == "identity_provider_away"


def test_a_provider_that_is_away_is_let_rest() -> None:
    answers = iter([active()])
    asking = Asking(lambda: next(answers, httpx.Response(503)))

    asking.until(0, *(5 + n * LET_REST / 100 for n in range(100)))

    assert asking.asked == 2
