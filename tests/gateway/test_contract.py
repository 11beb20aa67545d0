"""Requests made up from the document itself: no crash, no undocumented status, no drift."""

from typing import Any

from hypothesis import HealthCheck, settings
from schemathesis import Case

from gateway.claims import SYSTEM_ROLES
from gateway.permissions import load
from tests.gateway.fakes import Answers
from tests.gateway.made_up import CHECKS, schema
from tests.gateway.signing import Signing

ROLES = sorted(load().roles)


def token_of(role: str, signing: Signing) -> str:
    if role in SYSTEM_ROLES:
        return signing.system("client-app", role)
    return signing.staff(role)


@schema.parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_gateway_keeps_what_its_document_promises_to_every_role(
    case: Case[Any], base_url: str, signing: Signing, every_answer: Answers
) -> None:
    for role in ROLES:
        headers = {"Authorization": f"Bearer {token_of(role, signing)}"}
        case.call_and_validate(base_url=f"{base_url}/v1", headers=headers, checks=CHECKS)
