"""Requests made up from the document, and what every answer to them must keep to."""

import schemathesis
from schemathesis import SerializationContext
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gateway.routes.imports import XLSX
from tests.gateway.conformity import DOCUMENTED

# A stream does not end; integration/test_events.py listens to it. Webhooks are in the gateway's own
# database: integration/test_webhooks_contract.py has one.
schema = (
    schemathesis.openapi.from_dict(DOCUMENTED)
    .exclude(operation_id="listen")
    .exclude(tag="webhooks")
)
schema.config.phases.coverage.enabled = False  # tests of our own cover the edges
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
