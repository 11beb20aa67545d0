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

from gateway.permissions import load
from gateway.routes.imports import XLSX
from tests.gateway.conformity import BY_NAME, DOCUMENTED
from tests.gateway.fakes import Answers
from tests.gateway.signing import Signing

schema = schemathesis.openapi.from_dict(DOCUMENTED)
schema.config.phases.coverage.enabled = False  # tests of our own cover the edges
PERMISSIONS = load()
STAFF = frozenset(
    {"adviser", "team_leader", "compliance", "service_desk", "operations", "administrator"}
)


@schemathesis.serializer(XLSX)
def serialize_book(context: SerializationContext, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def token_for(operation: str, signing: Signing) -> str:
    """Somebody who may do it."""
    if PERMISSIONS.allow(STAFF, BY_NAME[operation].permission):
        return signing.staff(*STAFF)
    return signing.system("client-app", "client_channel")


@schema.parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_gateway_keeps_what_its_document_promises(
    case: Case[Any], base_url: str, signing: Signing, every_answer: Answers
) -> None:
    token = token_for(case.operation.definition.raw["operationId"], signing)

    case.call_and_validate(
        base_url=f"{base_url}/v1",
        headers={"Authorization": f"Bearer {token}"},
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_headers_conformance,
            response_schema_conformance,
        ],
    )
