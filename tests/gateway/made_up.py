"""Requests made up from the document, and what every answer to them must keep to."""

from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, Response, SerializationContext
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gateway.app import EXPOSED
from gateway.border import SECURITY
from gateway.routes.imports import XLSX
from tests.gateway.conformity import DOCUMENTED, promised

# A stream does not end; integration/test_events.py listens to it. Webhooks are in the gateway's own
# database: integration/test_webhooks_contract.py has one.
schema = (
    schemathesis.openapi.from_dict(DOCUMENTED)
    .exclude(operation_id="listen")
    .exclude(tag="webhooks")
)
schema.config.phases.coverage.enabled = False  # tests of our own cover the edges
# What docs/api.md says of every answer, and what HTTP itself needs.
TOLD_OF_ALL = {name.lower() for name in (*SECURITY, *EXPOSED)} - {"etag", "location"}
OF_HTTP = {
    "access-control-expose-headers",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "date",
    "transfer-encoding",
    "vary",
}


def no_header_that_nobody_told_of(
    context: CheckContext, response: Response, case: Case[Any]
) -> None:
    where = case.operation
    told = promised(where.path, where.method, response.status_code).get("headers", {})
    known = TOLD_OF_ALL | OF_HTTP | {name.lower() for name in told}

    assert {name.lower() for name in response.headers} <= known


CHECKS = [
    no_header_that_nobody_told_of,
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@schemathesis.serializer(XLSX)
def serialize_book(context: SerializationContext, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
