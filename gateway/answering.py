"""How what a service answered is written: all of it or the fields wanted, with its entity tag."""

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson
from google.protobuf.message import Message
from starlette.responses import Response

from gateway import fields
from gateway.line import Line
from gateway.operation import Asked, Operation
from gateway.showing import mapper

REPLAYED = "Idempotency-Replayed"
TAG = re.compile(r'"[^"]*"')


class Writer:
    """Writes the answers of one operation."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._mapped = mapper(operation.shows) if operation.shows else None

    def response(self, found: Message | Mapping[str, Any] | None, asked: Asked) -> Response:
        status, replayed = self._operation.status, replay_header(asked.line)
        if self._mapped is None or found is None:
            return Response(status_code=status, headers=replayed)
        whole = self.shown(found)
        body = written(whole if asked.fields is None else fields.shown(whole, asked.fields))
        headers = {**self._headers(whole, body), **replayed}
        if tag_is_known(headers.get("ETag", ""), asked.headers.get("if_none_match", "")):
            return Response(status_code=304, headers=headers)
        sparse = asked.fields is not None
        return Response(body, status, headers, fields.MEDIA_TYPE if sparse else "application/json")

    def shown(self, found: Message | Mapping[str, Any]) -> Mapping[str, Any]:
        assert self._mapped is not None
        return found if isinstance(found, Mapping) else self._mapped(found)

    def _headers(self, shown: Mapping[str, Any], body: bytes) -> dict[str, str]:
        headers = {"Cache-Control": "no-store"}
        if self._operation.location:
            headers["Location"] = "/v1" + self._operation.location.format_map(shown)
        version = at(shown, self._operation.etag)
        if version:
            headers["ETag"] = self._tag(version, body)
        return headers

    def _tag(self, version: object, body: bytes) -> str:
        """The version for whoever changes it; for whoever reads it, also what exactly is shown."""
        if not self._operation.reads:
            return f'"{version}"'
        return f'"{version}-{blake2b(body, digest_size=8).hexdigest()}"'


def written(shown: Mapping[str, Any]) -> bytes:
    return orjson.dumps(shown, option=orjson.OPT_UTC_Z)


def replay_header(line: Line) -> dict[str, str]:
    return {REPLAYED: "true"} if line.replayed else {}


def tag_is_known(tag: str, known: str) -> bool:
    return bool(tag) and (known == "*" or tag in TAG.findall(known))


def at(shown: object, path: str) -> object:
    """The value at a dotted path, None when there is no path or nothing there."""
    found = shown if path else None
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found
