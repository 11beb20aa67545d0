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
def validator(operation: str, status: int, kind: str) -> Draft202012Validator | None:
    """None when no body is promised."""
    declared = BY_NAME[operation]
    responses = DOCUMENTED["paths"][declared.path][declared.method.lower()]["responses"]
    promised = responses[str(status)]
    if "$ref" in promised:
        promised = DOCUMENTED["components"]["responses"][promised["$ref"].rpartition("/")[2]]
    if "content" not in promised:
        return None
    body = promised["content"][kind]
    return Draft202012Validator({**body["schema"], "components": DOCUMENTED["components"]})


def assert_conforms(operation: str, answer: httpx.Response) -> None:
    kind = answer.headers.get("content-type", "")
    promised = validator(operation, answer.status_code, kind)
    if promised is None:
        assert answer.content == b""
    else:
        promised.validate(answer.json())
