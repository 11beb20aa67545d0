"""Privileged roles, and how their holders signed in."""

from typing import Any

import httpx
import pytest

from gateway import permissions
from gateway.second_factor import load
from tests.gateway.signing import Signing

STRONG = ["urn:provider:strong", "urn:provider:stronger"]
SECOND_FACTOR = load(" ".join(STRONG))


def present(http: httpx.Client, token: str) -> httpx.Response:
    return http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


def by(signing: Signing, *roles: str, **claims: Any) -> str:
    return signing.token(roles=list(roles), **{"amr": None, **claims})


@pytest.mark.parametrize("role", sorted(SECOND_FACTOR.roles))
def test_a_privileged_role_is_asked_for_a_second_factor(
    http: httpx.Client, signing: Signing, role: str
) -> None:
    answer = present(http, by(signing, role))

    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_needed")
    challenge = answer.headers["www-authenticate"]
    assert challenge == 'Bearer error="insufficient_user_authentication"'


def test_one_privileged_role_among_others_is_enough_to_be_asked(
    http: httpx.Client, signing: Signing
) -> None:
    assert present(http, by(signing, "adviser")).status_code == 200
    assert present(http, by(signing, "management", "branch_manager")).status_code == 401


@pytest.mark.parametrize(
    "amr",
    [["mfa"], ["pwd", "otp"], ["pin", "hwk"], ["pwd", "fpt"], ["hwk", "face"], "pwd otp"],
    ids=str,
)
def test_methods_of_two_kinds_are_a_second_factor(
    http: httpx.Client, signing: Signing, amr: object
) -> None:
    assert present(http, by(signing, "auditor", amr=amr)).status_code == 200


@pytest.mark.parametrize(
    "amr",
    [["pwd"], ["pwd", "pin"], ["otp"], ["otp", "sms"], ["user"], [], {"mfa": True}, [["mfa"]]],
    ids=str,
)
def test_methods_of_one_kind_are_not(http: httpx.Client, signing: Signing, amr: object) -> None:
    answer = present(http, by(signing, "auditor", amr=amr))

    assert answer.json()["code"] == "second_factor_needed"


@pytest.mark.parametrize("role", ["client_channel", "system"])
def test_systems_have_no_second_factor(http: httpx.Client, signing: Signing, role: str) -> None:
    assert present(http, signing.system("client-app", role)).status_code == 200


def test_only_known_roles_are_privileged() -> None:
    assert permissions.load().roles.keys() >= SECOND_FACTOR.roles
    assert SECOND_FACTOR.roles
