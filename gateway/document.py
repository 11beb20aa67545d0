"""The OpenAPI 3.1 document, made from the operations alone."""

from pathlib import Path
from typing import Any

import orjson
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from gateway import data_classes
from gateway.answering import REPLAYED
from gateway.fields import MEDIA_TYPE as SPARSE
from gateway.operation import Operation
from gateway.problems import MEDIA_TYPE, TITLES
from gateway.routes import OPERATIONS, TAGS
from gateway.schemas import shown, taken
from gateway.schemas.problems import ProblemDetails

DOCUMENT = Path(__file__).with_name("openapi.json")
VERSION = "1.0.0"
EVENT_STREAM = "text/event-stream"
LICENCE = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}
INTRODUCTION = """\
Liheng's public interface. 理衡对外接口。

Identifiers are strings; amounts are decimal strings in CNY; moments are RFC 3339 in UTC; dates \
are plain. Lists answer `items` and `next`: hand `next` back as `cursor` for the following page. \
What a request does not declare is refused. Refusals are `application/problem+json` in Chinese or \
English by `Accept-Language`, with a stable `code`.
"""


def rendered() -> bytes:
    return orjson.dumps(document(), option=orjson.OPT_INDENT_2) + b"\n"


def write() -> None:
    """Write the committed document anew."""
    DOCUMENT.write_bytes(rendered())


def document() -> dict[str, Any]:
    plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: _class(schema).__name__)
    spec = APISpec(
        title="Liheng 理衡",
        version=VERSION,
        openapi_version="3.1.0",
        info={"description": INTRODUCTION, "license": LICENCE},
        servers=[{"url": "/v1"}],
        tags=[{"name": name, "description": f"{says} · {says.zh}"} for name, says in TAGS.items()],
        plugins=[plugin],
    )
    assert plugin.converter is not None
    plugin.converter.add_attribute_function(_format)  # type: ignore[no-untyped-call]
    spec.components.security_scheme(
        "token", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    )
    for status in TITLES:
        spec.components.response(f"Refused{status}", refusal(status))
    for operation in OPERATIONS:
        spec.path(operation.path, operations={operation.method.lower(): described(operation)})
    made: dict[str, Any] = spec.to_dict()
    made["paths"] = {path: made["paths"][path] for path in sorted(made["paths"])}
    data_classes.mark(made["components"]["schemas"])
    return made


def described(operation: Operation) -> dict[str, Any]:
    return {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": f"{operation.summary} · {operation.summary.zh}",
        "description": f"Needs the permission `{operation.permission}`.",
        "x-permission": operation.permission,
        "security": [{"token": []}],
        "parameters": parameters(operation),
        **body(operation),
        "responses": {
            str(operation.status): success(operation),
            **not_modified(operation),
            **{str(status): f"Refused{status}" for status in operation.statuses()},
        },
    }


def parameters(operation: Operation) -> list[dict[str, Any]]:
    places = {"path": "path", "query": "query", "headers": "header"}
    return [
        {"in": place, "schema": schema}
        for location, schema in operation.schemas().items()
        if (place := places.get(location)) and schema.fields
    ]


def body(operation: Operation) -> dict[str, Any]:
    if not operation.takes_body:
        return {}
    if operation.body is None:
        files = {kind: {"schema": _file(kind)} for kind in operation.media_types}
        return {"requestBody": {"required": True, "content": files}}
    content: dict[str, Any] = {"schema": operation.body}
    if operation.example:
        content["example"] = dict(operation.example)
    required = any(field.required for field in operation.body().fields.values())
    return {"requestBody": {"required": required, "content": {"application/json": content}}}


def success(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {"description": operation.streams or "Done"}
    if operation.streams:
        told["content"] = {EVENT_STREAM: {"schema": {"type": "string"}}}
    if operation.file:
        told["content"] = {operation.file: {"schema": {"type": "string"}}}
    if operation.shows is not None:
        told["content"] = {"application/json": {"schema": operation.shows}, **sparse(operation)}
    headers = {
        "Location": operation.location,
        "ETag": operation.etag,
        "Content-Disposition": operation.file,
        REPLAYED: operation.method == "POST",
    }
    shown = {name: {"schema": {"type": "string"}} for name, used in headers.items() if used}
    return {**told, "headers": shown} if shown else told


def sparse(operation: Operation) -> dict[str, Any]:
    """Another type of content, so that the whole answer keeps its strict schema."""
    if not operation.reads:
        return {}
    whole = "Only the fields asked for with `fields`, as in application/json"
    return {SPARSE: {"schema": {"type": "object", "description": whole}}}


def not_modified(operation: Operation) -> dict[str, Any]:
    if not operation.reads or not operation.etag:
        return {}
    headers = {"ETag": {"schema": {"type": "string"}}}
    return {"304": {"description": "As known already · 未修改", "headers": headers}}


def refusal(status: int) -> dict[str, Any]:
    return {
        "description": f"{TITLES[status]} · {TITLES[status].zh}",
        "content": {MEDIA_TYPE: {"schema": ProblemDetails}},
    }


def _file(kind: str) -> dict[str, Any]:
    if kind != "multipart/form-data":
        return {"type": "string", "format": "binary"}
    return {
        "type": "object",
        "required": ["file"],
        "additionalProperties": False,
        "properties": {"file": {"type": "string", "format": "binary"}},
    }


def _class(schema: type[Schema] | Schema) -> type[Schema]:
    return schema if isinstance(schema, type) else type(schema)


def _format(self: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """What the kinds of field mean beyond their type."""
    if isinstance(field, shown.Moment):
        return {"type": ["string", "null"], "format": "date-time"}
    if isinstance(field, taken.Moment):
        return {"type": "string", "format": "date-time"}
    if isinstance(field, shown.Day | taken.Day):
        return {"format": "date"}
    return {}
