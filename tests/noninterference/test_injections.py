"""Statements smuggled into filters are words that nothing matches, in every real service."""

from random import Random

import pytest

from tests.gateway.signing import Signing
from tests.noninterference.building import build
from tests.noninterference.cast import in_role
from tests.noninterference.comparing import administrator_of, token_of
from tests.noninterference.requests import Operation, operations, resolved
from tests.noninterference.stacks import Stack
from tests.noninterference.twins import some_world

pytestmark = pytest.mark.timeout(600)  # seconds: whole worlds are built and asked

SMUGGLED = [
    "' OR '1'='1",
    "1; DROP TABLE customers; --",
    "%' OR 1=1 --",
    "\\'; SELECT pg_sleep(10); --",
    "%",
    "_",
]
LISTS = [one for one in operations() if one.reads and not one.streams and "{" not in one.path]
ROLES = ("compliance", "administrator")


@pytest.fixture(scope="module")
def filled(stacks: tuple[Stack, Stack], signing: Signing) -> Stack:
    build(some_world(Random(7)), stacks[0], administrator_of(signing))
    return stacks[0]


def filters(operation: Operation) -> list[str]:
    parameters = map(resolved, operation.described.get("parameters", ()))
    return [each["name"] for each in parameters if each["in"] == "query"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("text", SMUGGLED, ids=repr)
def test_no_filter_lets_them_through(text: str, role: str, filled: Stack, signing: Signing) -> None:
    headers = {"authorization": f"Bearer {token_of(in_role(role)[0], signing)}"}

    for operation in LISTS:
        for name in filters(operation):
            answer = filled.http.get(operation.path, params={name: text}, headers=headers)

            assert answer.status_code in (200, 403, 422), (operation.name, name, answer.text)
            if answer.status_code == 200:
                assert answer.json()["items"] == [], (operation.name, name)


def test_a_list_is_not_empty_when_nothing_is_smuggled(filled: Stack, signing: Signing) -> None:
    headers = {"authorization": f"Bearer {token_of(in_role('compliance')[0], signing)}"}

    assert filled.http.get("/customers", headers=headers).json()["items"]
