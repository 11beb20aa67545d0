"""One declaration per operation: its route, validation, document and required permission."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from google.protobuf.message import Message
from marshmallow import Schema, fields
from starlette.requests import Request
from starlette.responses import Response

from chassis.identity import Caller
from gateway.fields import Fields, Tree
from gateway.line import Line
from gateway.permissions import Permissions
from gateway.schemas.shown import Count, Part
from gateway.schemas.taken import EntityTags, Id, IdempotencyKey, Strict, Text, Version
from gateway.sentences import Sentence
from gateway.services import PATIENCE, Services, UnaryCall
from gateway.trail import Recorder

Req = TypeVar("Req")
Res = TypeVar("Res")
Values = dict[str, Any]

PATH_PARAMETER = re.compile(r"{(\w+)}")
LONGEST_PLACE = 100  # characters
LARGEST_JSON = 1024 * 1024  # bytes


@dataclass(frozen=True)
class Asked:
    """One request that was let in and understood."""

    request: Request
    caller: Caller
    permissions: Permissions
    services: Services
    line: Line
    path: Values
    query: Values
    body: Values
    headers: Values
    trail: Recorder
    fields: Tree | None = None  # what is wanted of the answer; None: all of it

    async def call(
        self, method: "UnaryCall[Req, Res]", request: Req, *, seconds: float = PATIENCE
    ) -> Res:
        return await self.line.call(method, request, seconds=seconds)


Shown = Message | Mapping[str, Any] | Response | None  # a response is answered as it is
Handler = Callable[[Asked], Awaitable[Shown]]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What one method on one address takes, needs and shows."""

    name: str
    method: str
    path: str  # below /v1
    tag: str
    permission: str
    summary: Sentence
    run: Handler
    shows: type[Schema] | None = None
    status: int = 200
    location: str = ""  # where the thing made can be found; filled from what is shown
    guards: str = ""  # the path parameter of the versioned thing that is changed
    bulk: bool = False  # also for many at once
    batch_of: str = ""  # the operation that this one does for many
    query: type[Schema] = Strict
    body: type[Schema] | None = None
    media_types: tuple[str, ...] = ("application/json",)
    largest_body: int = LARGEST_JSON
    refusals: frozenset[int] = frozenset()
    example: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""  # the media type of the file it answers with
    streams: str = ""  # what the events of a stream are, when it answers with one

    @property
    def path_parameters(self) -> list[str]:
        return PATH_PARAMETER.findall(self.path)

    @property
    def takes_file(self) -> bool:
        return self.media_types != ("application/json",)

    @property
    def takes_body(self) -> bool:
        return self.body is not None or self.takes_file

    @property
    def reads(self) -> bool:
        return self.method == "GET"

    @cached_property
    def etag(self) -> str:
        """The shown field that is the version of what is shown; empty when there is none."""
        return version_of(self.shows) if self.shows else ""

    def schemas(self) -> dict[str, Schema]:
        """One schema per location; made once, because making one is slow."""
        path = Strict.from_dict({name: Id(required=True) for name in self.path_parameters})
        declared: dict[str, type[Schema] | None] = {
            "path": path if self.path_parameters else None,
            "query": self._queried(),
            "headers": self._headed(),
            "body": self.body or self._nothing(),
        }
        return {location: kind() for location, kind in declared.items() if kind is not None}

    def _queried(self) -> type[Schema]:
        if not self.reads or self.shows is None:
            return self.query
        return self.query.from_dict({"fields": Fields(self.shows)}, name=self.query.__name__)

    def _headed(self) -> type[Schema] | None:
        """Headers are as they are for the kind of operation: nobody declares them."""
        taken: dict[str, fields.Field[Any]] = {}
        if self.method == "POST":
            taken["idempotency_key"] = IdempotencyKey(data_key="Idempotency-Key")
        if self.guards:
            taken["if_match"] = Version(data_key="If-Match")
        if self.reads and self.etag:
            taken["if_none_match"] = EntityTags(data_key="If-None-Match")
        if self.streams:
            taken["last_event_id"] = Text(data_key="Last-Event-ID", longest=LONGEST_PLACE)
        return Strict.from_dict(taken) if taken else None

    def _nothing(self) -> type[Schema] | None:
        """A change without details may come with an empty object, and nothing in it."""
        return None if self.method == "GET" or self.takes_file else Strict

    def statuses(self) -> list[int]:
        """Every refusal a caller must reckon with."""
        known = {400, 401, 403, 408, 414, 422, 429, 431, 500, 503, 504} | self.refusals
        if self.path_parameters:
            known.add(404)
        if self.method != "GET":
            known |= {409, 413, 415}
        if self.guards:
            known.add(412)
        return sorted(known)


def version_of(shows: type[Schema]) -> str:
    """The dotted name of the one version in a schema."""
    declared = shows().dump_fields
    if isinstance(declared.get("version"), Count):
        return "version"
    inner = (name for name, field in declared.items() if isinstance(field, Part))
    found = [f"{name}.version" for name in inner if version_of(type(declared[name].schema))]  # type: ignore[attr-defined]
    return found[0] if len(found) == 1 else ""


class Routes:
    """The operations on one kind of thing."""

    def __init__(self, tag: str) -> None:
        self._tag = tag
        self._declared: list[Operation] = []

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._declared)

    def get(self, path: str, **declared: Any) -> Callable[[Handler], Handler]:
        return self._declare("GET", path, declared)

    def post(self, path: str, **declared: Any) -> Callable[[Handler], Handler]:
        return self._declare("POST", path, declared)

    def put(self, path: str, **declared: Any) -> Callable[[Handler], Handler]:
        return self._declare("PUT", path, declared)

    def patch(self, path: str, **declared: Any) -> Callable[[Handler], Handler]:
        return self._declare("PATCH", path, declared)

    def delete(self, path: str, **declared: Any) -> Callable[[Handler], Handler]:
        return self._declare("DELETE", path, declared)

    def _declare(self, method: str, path: str, declared: Values) -> Callable[[Handler], Handler]:
        def keep(run: Handler) -> Handler:
            name = getattr(run, "__name__", "")
            operation = Operation(
                name=name, method=method, path=path, tag=self._tag, run=run, **declared
            )
            self._declared.append(operation)
            return run

        return keep
