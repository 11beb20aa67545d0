"""Requests made up from the document itself: no crash, no undocumented status, no drift."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case, SerializationContext
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gateway.claims import SYSTEM_ROLES
from gateway.permissions import load
from gateway.routes.imports import XLSX
from tests.gateway.conformity import DOCUMENTED
from tests.gateway.fakes import Answers
from tests.gateway.signing import Signing

# A stream does not end; integration/test_events.py listens to it.
schema = schemathesis.openapi.from_dict(DOCUMENTED).exclude(operation_id="listen")
schema.config.phases.coverage.enabled = False  # tests of our own cover the edges
ROLES = sorted(load().roles)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@schemathesis.serializer(XLSX)
def serialize_book(context: SerializationContext, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


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
