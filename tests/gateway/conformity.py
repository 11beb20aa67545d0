"""Whether an answer is what the OpenAPI document promises."""

import json
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from gateway.document import DOCUMENT
from gateway.operation import Operation
from gateway.routes import OPERATIONS

DOCUMENTED: dict[str, Any] = json.loads(DOCUMENT.read_bytes())
BY_NAME: dict[str, Operation] = {operation.name: operation for operation in OPERATIONS}


@cache
def promised(path: str, method: str, status: int) -> dict[str, Any]:
    """What the document says of an answer with this status."""
    responses: dict[str, Any] = DOCUMENTED["paths"][path][method.lower()]["responses"]
    told: dict[str, Any] = responses[str(status)]
    if "$ref" not in told:
        return told
    shared: dict[str, Any] = DOCUMENTED["components"]["responses"]
    return dict(shared[told["$ref"].rpartition("/")[2]])


@cache
def validator(operation: str, status: int, kind: str) -> Draft202012Validator | None:
    """None when no body is promised."""
    declared = BY_NAME[operation]
    answer = promised(declared.path, declared.method, status)
    if "content" not in answer:
        return None
    body = answer["content"][kind]
    return Draft202012Validator({**body["schema"], "components": DOCUMENTED["components"]})


def assert_conforms(operation: str, answer: httpx.Response) -> None:
    kind = answer.headers.get("content-type", "")
    schema = validator(operation, answer.status_code, kind)
    if schema is None:
        assert answer.content == b""
    else:
        schema.validate(answer.json())
