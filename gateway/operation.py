"""One declaration per operation: its route, validation, document and required permission."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from google.protobuf.message import Message
from marshmallow import Schema
from starlette.requests import Request

from chassis.identity import Caller
from gateway.permissions import Permissions
from gateway.schemas.taken import Id, Strict
from gateway.sentences import Sentence
from gateway.services import PATIENCE, Line, Services, UnaryCall

Req = TypeVar("Req")
Res = TypeVar("Res")
Values = dict[str, Any]

PATH_PARAMETER = re.compile(r"{(\w+)}")
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

    async def call(
        self, method: "UnaryCall[Req, Res]", request: Req, *, seconds: float = PATIENCE
    ) -> Res:
        return await self.line.call(method, request, seconds=seconds)


Shown = Message | Mapping[str, Any] | None
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
    etag: str = ""  # the shown field that is its version
    query: type[Schema] = Strict
    body: type[Schema] | None = None
    headers: type[Schema] | None = None
    media_types: tuple[str, ...] = ("application/json",)
    largest_body: int = LARGEST_JSON
    refusals: frozenset[int] = frozenset()
    example: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path_parameters(self) -> list[str]:
        return PATH_PARAMETER.findall(self.path)

    @property
    def takes_file(self) -> bool:
        return self.media_types != ("application/json",)

    @property
    def takes_body(self) -> bool:
        return self.body is not None or self.takes_file

    def schemas(self) -> dict[str, Schema]:
        """One schema per location; made once, because making one is slow."""
        path = Strict.from_dict({name: Id(required=True) for name in self.path_parameters})
        declared: dict[str, type[Schema] | None] = {
            "path": path if self.path_parameters else None,
            "query": self.query,
            "headers": self.headers,
            "body": self.body or self._nothing(),
        }
        return {location: kind() for location, kind in declared.items() if kind is not None}

    def _nothing(self) -> type[Schema] | None:
        """A change without details may come with an empty object, and nothing in it."""
        return None if self.method == "GET" or self.takes_file else Strict

    def statuses(self) -> list[int]:
        """Every refusal a caller must reckon with."""
        known = {401, 403, 422, 500, 503, 504} | self.refusals
        if self.path_parameters:
            known.add(404)
        if self.method != "GET":
            known |= {400, 409, 413, 415}
        return sorted(known)


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

    def _declare(self, method: str, path: str, declared: Values) -> Callable[[Handler], Handler]:
        def keep(run: Handler) -> Handler:
            name = getattr(run, "__name__", "")
            operation = Operation(
                name=name, method=method, path=path, tag=self._tag, run=run, **declared
            )
            self._declared.append(operation)
            return run

        return keep
