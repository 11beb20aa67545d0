"""The example staff sign in at a real OpenID provider, and the gateway knows them."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.identity.institution import read
from deploy.local.identity.tokens import Desk
from deploy.local.say import Problem
from deploy.local.settings import Settings
from deploy.local.settings import read as read_settings
from tests.gateway.integration.conftest import provider_running
from tests.gateway.running import free_port


def me(gateway_url: str, token: str) -> dict[str, Any]:
    answer = httpx.get(
        f"{gateway_url}/v1/me", headers={"Authorization": f"Bearer {token}"}, trust_env=False
    )
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


ONE_OF_EACH_ROLE = {person.roles: person for person in read().staff}.values()


@pytest.mark.parametrize("person", ONE_OF_EACH_ROLE, ids=lambda person: str(person.staff_id))
def test_the_example_staff_can_sign_in(person: Any, sign_in: Desk, gateway_url: str) -> None:
    told = me(gateway_url, sign_in.token_for(person.staff_id))

    assert told["staff_id"] == person.staff_id
    assert told["roles"] == sorted(person.roles)
    assert told["team_id"] == (person.team_id or None)
    assert told["branch_id"] == (person.branch_id or None)


def test_the_client_channel_signs_in_as_a_system(sign_in: Desk, gateway_url: str) -> None:
    told = me(gateway_url, sign_in.token_for("client-channel"))

    assert told["system"] == "client-channel"
    assert told["roles"] == ["client_channel"]
    assert "assessment.submit" in told["permissions"]


def test_somebody_else_cannot_sign_in(sign_in: Desk) -> None:
    with pytest.raises(Problem, match="invalid_grant"):
        sign_in.token_for("s-nobody")


def test_a_refresh_token_is_not_an_access_token(sign_in: Desk, gateway_url: str) -> None:
    refresh = sign_in.ask(*sign_in.grant("s-compliance"))["refresh_token"]

    answer = httpx.get(
        f"{gateway_url}/v1/me", headers={"Authorization": f"Bearer {refresh}"}, trust_env=False
    )

    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")


def test_the_desk_cannot_make_itself_the_client_channel(sign_in: Desk) -> None:
    with pytest.raises(Problem, match="invalid_scope"):
        sign_in.ask("front-desk", {"grant_type": "client_credentials", "scope": "client_channel"})


def test_a_token_outlives_a_restart_of_the_provider(tmp_path: Path) -> None:
    here = read_settings({"LIHENG_HOME": str(tmp_path), "LIHENG_PORT_IDENTITY": str(free_port())})

    with provider_running(here):
        before = published_keys(here)
    with provider_running(here):
        after = published_keys(here)

    assert before == after


def published_keys(here: Settings) -> object:
    return httpx.get(here.url("identity", "/.well-known/jwks.json"), trust_env=False).json()
