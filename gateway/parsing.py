"""Reading what was sent: limits first, then the declared schemas, and nothing undeclared."""

import json
from collections import Counter
from functools import lru_cache
from typing import Any, NoReturn

import orjson
from marshmallow import RAISE, Schema, ValidationError
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message, Receive
from webargs.asyncparser import AsyncParser
from webargs.multidictproxy import MultiDictProxy

from gateway.problems import Problem, from_validation
from gateway.sentences import Sentence

SAID_TWICE = Sentence("Given more than once", "重复出现")
LOCATIONS = ("path", "query", "headers", "body")


class Parser(AsyncParser[Request]):
    """webargs for Starlette."""

    __location_map__ = {  # noqa: RUF012
        "query": "load_querystring",
        "headers": "load_headers",
        "body": "load_body",
    }
    DEFAULT_UNKNOWN_BY_LOCATION = {"query": RAISE, "body": RAISE}  # noqa: RUF012

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        for name, times in Counter(name for name, _ in req.query_params.multi_items()).items():
            if times > 1:
                raise from_validation(ValidationError({"query": {name: [SAID_TWICE]}}))
        return self._makeproxy(req.query_params, schema)

    def load_headers(self, req: Request, schema: Schema) -> Any:
        return MultiDictProxy(_declared(req.headers, schema), schema)

    async def load_body(self, req: Request, schema: Schema) -> Any:
        body = await req.body()
        if not body:
            return {}
        _refuse_other_types(req, "application/json")
        try:
            read = orjson.loads(body)
            json.loads(body, object_pairs_hook=once_per_name)
        except (ValueError, RecursionError):
            raise malformed() from None
        return read

    def handle_error(
        self, error: ValidationError, req: Request, schema: Schema, **_: Any
    ) -> NoReturn:
        raise from_validation(error) from None


parser = Parser()


async def read(request: Request, schemas: dict[str, Schema]) -> dict[str, dict[str, Any]]:
    """What each declared location holds, after its schema."""
    return {
        location: await _read(request, schemas[location], location)
        for location in LOCATIONS
        if location in schemas
    }


async def _read(request: Request, schema: Schema, location: str) -> dict[str, Any]:
    """Most requests say nothing in their query and nothing in the headers we know."""
    if (location == "query" and not request.scope["query_string"]) or (
        location == "headers" and not _declared(request.headers, schema)
    ):
        unsaid = _unsaid(schema)
        if unsaid is not None:
            return dict(unsaid)
    if location == "path":
        return _loaded(schema, request.path_params)
    read: dict[str, Any] = await parser.parse(schema, request, location=location)
    return read


def _loaded(schema: Schema, path: dict[str, Any]) -> dict[str, Any]:
    """Nothing is ever missing or too much in a path: its route has named what is in it."""
    try:
        loaded: dict[str, Any] = schema.load(path)
    except ValidationError as error:
        raise from_validation(ValidationError({"path": error.messages})) from None
    return loaded


@lru_cache(maxsize=1024)
def _unsaid(schema: Schema) -> dict[str, Any] | None:
    """What a schema makes of nothing; None when it wants something."""
    try:
        return dict(schema.load({}))
    except ValidationError:
        return None


def limited(receive: Receive, largest: int) -> Receive:
    """Refuse a body as soon as it grows over *largest* bytes."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > largest:
            raise too_large(largest)
        return message

    return counted


def refuse_announced(request: Request, largest: int) -> None:
    """Refuse before reading when the length is announced honestly."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > largest:
        raise too_large(largest)


def once_per_name(pairs: list[tuple[str, Any]]) -> None:
    """Readers differ on which of two values counts: one on the way may have seen the other."""
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError


def media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _declared(headers: Headers, schema: Schema) -> Any:
    """Every request has headers of its own: only the declared ones are looked at."""
    names = [str(field.data_key or name) for name, field in schema.load_fields.items()]
    return {name: headers[name] for name in names if name in headers}


def _refuse_other_types(request: Request, wanted: str) -> None:
    if media_type(request) != wanted:
        raise wrong_type(wanted)


def wrong_type(*wanted: str) -> Problem:
    known = ", ".join(wanted)
    detail = Sentence(f"Send the body as {known}", f"请以 {known} 格式发送内容")
    return Problem(415, "content_type_not_supported", detail)


def malformed() -> Problem:
    detail = Sentence(
        "The body is not valid UTF-8 JSON that names each field once",
        "内容不是有效的 UTF-8 JSON，或字段重复",
    )
    return Problem(400, "malformed_json", detail)


def too_large(largest: int) -> Problem:
    detail = Sentence(f"The body is larger than {largest} bytes", f"内容超过 {largest} 字节")
    return Problem(413, "body_too_large", detail)
