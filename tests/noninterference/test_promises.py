"""Requests made up from the document, on what is there: real services keep what is promised."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings
from schemathesis import Case

from tests.gateway.conformity import assert_conforms
from tests.gateway.made_up import CHECKS, schema
from tests.gateway.signing import Signing
from tests.noninterference.building import build
from tests.noninterference.cast import ROLES, in_role
from tests.noninterference.comparing import administrator_of, token_of
from tests.noninterference.ids import IDS
from tests.noninterference.requests import Drawing, Request, named, operations
from tests.noninterference.stacks import Stack
from tests.noninterference.twins import some_world

EXAMPLES = settings().max_examples // 50  # each is asked in every role
NUMBERS = count()


@dataclass
class Institution:
    """A world full of clients, and a memory of what its answers named."""

    stack: Stack
    drawing: Drawing

    def about_what_is_there(self, found: Any, name: str = "") -> Any:
        """The same, with ids of what exists in the place of made-up ones."""
        if isinstance(found, Mapping):
            return {key: self.about_what_is_there(value, key) for key, value in found.items()}
        if isinstance(found, list):
            return [self.about_what_is_there(value, name.removesuffix("s")) for value in found]
        return self.drawing.like(found, name) if isinstance(found, str) else found

    def learn(self, body: Any) -> None:
        for name, value in named(body):
            if name.endswith("_id") and value not in self.drawing.pools.setdefault(name, []):
                self.drawing.pools[name].append(value)


@pytest.fixture(scope="module")
def institution(stacks: tuple[Stack, Stack], signing: Signing) -> Institution:
    stack, random = stacks[0], Random(7)
    known = build(some_world(random), stack, administrator_of(signing))
    return Institution(stack, Drawing(random, {name: known.of(name) for name in known.ids}))


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_services_keep_what_the_document_promises_to_every_role(
    case: Case[Any], institution: Institution, signing: Signing
) -> None:
    case.path_parameters = institution.about_what_is_there(case.path_parameters)
    case.query = institution.about_what_is_there(case.query)
    case.body = institution.about_what_is_there(case.body)
    for role in ROLES:
        IDS.begin(f"promise {next(NUMBERS)}")
        headers = {"Authorization": f"Bearer {token_of(in_role(role)[0], signing)}"}
        base_url = str(institution.stack.http.base_url).rstrip("/")
        answer = case.call_and_validate(base_url=base_url, headers=headers, checks=CHECKS)
        if "json" in answer.headers.get("content-type", [""])[0]:
            institution.learn(answer.json())


@pytest.mark.parametrize("role", ROLES)
def test_what_is_asked_properly_is_answered_as_promised(
    role: str, institution: Institution, signing: Signing
) -> None:
    token = token_of(in_role(role)[0], signing)
    asked = [one for one in operations() if not one.streams for _ in range(EXAMPLES)]

    for operation in asked:
        IDS.begin(f"promise {next(NUMBERS)}")
        answer = asking(institution, institution.drawing.request(operation), token)

        assert answer.status_code < 500, answer.text
        assert_conforms(operation.described["operationId"], answer)


def asking(institution: Institution, request: Request, token: str) -> httpx.Response:
    return institution.stack.http.request(
        request.operation.method,
        request.path,
        params=dict(request.query),
        json=request.json,
        content=request.content,
        headers={"Authorization": f"Bearer {token}", **request.headers},
    )
