"""From a request to its answer: who is it, may they, what do they want, what is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import grpc
import orjson
from google.protobuf.message import Message
from starlette.requests import Request
from starlette.responses import Response

from chassis import log
from chassis.identity import METADATA_KEY, Caller, CallerSigner
from gateway.entrance import Entrance
from gateway.operation import Asked, Operation
from gateway.parsing import limited, read, refuse_announced
from gateway.permissions import Permissions
from gateway.problems import Problem, from_rpc
from gateway.sentences import Sentence
from gateway.services import Line, Services
from gateway.showing import mapper


@dataclass(frozen=True)
class Door:
    """Everything an endpoint needs of the process it runs in."""

    entrance: Entrance
    permissions: Permissions
    signer: CallerSigner
    services: Services

    async def admit(self, request: Request, permission: str) -> Caller:
        session = await self.entrance.session(request)
        caller = session.caller
        if self.permissions.conflict(caller.roles):
            raise duties_in_conflict()
        if not self.permissions.allow(caller.roles, permission):
            raise not_permitted(permission)
        sight = self.permissions.sight(caller.roles)
        return replace(caller, reach=sight.reach, sees=sight.fields)

    def line(self, caller: Caller, request_id: str) -> Line:
        return Line(
            (
                (METADATA_KEY, self.signer.sign(caller)),
                ("traceparent", log.trace.get()),
                ("x-request-id", request_id),
            )
        )


class Endpoint:
    """Answers one operation."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self._schemas = operation.schemas()
        self._shown = mapper(operation.shows) if operation.shows else None

    async def answer(self, request: Request) -> Response:
        door: Door = request.app.state.door
        caller = await door.admit(request, self.operation.permission)
        asked = await self._understood(request, caller, door)
        try:
            found = await self.operation.run(asked)
        except grpc.aio.AioRpcError as error:
            raise self._refused(error, asked) from error
        return self._response(found)

    async def _understood(self, request: Request, caller: Caller, door: Door) -> Asked:
        refuse_announced(request, self.operation.largest_body)
        within = Request(request.scope, limited(request.receive, self.operation.largest_body))
        values = await read(within, self._schemas)
        return Asked(
            request=within,
            caller=caller,
            permissions=door.permissions,
            services=door.services,
            line=door.line(caller, request.scope["request_id"]),
            path=values.get("path", {}),
            query=values.get("query", {}),
            body=values.get("body", {}),
            headers=values.get("headers", {}),
        )

    def _refused(self, error: grpc.aio.AioRpcError, asked: Asked) -> Problem:
        """A conflict is a failed precondition to a caller who named a version."""
        problem = from_rpc(error, self.operation.tag, self._location)
        if problem.status == 409 and "if_match" in asked.headers:
            return Problem(412, problem.code, problem.detail)
        return problem

    def _location(self, field: str) -> str:
        first = field.partition(".")[0]
        found = (where for where, schema in self._schemas.items() if first in schema.fields)
        return next(found, "body")

    def _response(self, found: Message | Mapping[str, Any] | None) -> Response:
        if self._shown is None or found is None:
            return Response(status_code=self.operation.status)
        shown = found if isinstance(found, Mapping) else self._shown(found)
        return Response(
            orjson.dumps(shown, option=orjson.OPT_UTC_Z),
            self.operation.status,
            self._headers(shown),
            "application/json",
        )

    def _headers(self, shown: Mapping[str, Any]) -> dict[str, str]:
        headers = {"Cache-Control": "no-store"}
        if self.operation.location:
            headers["Location"] = "/v1" + self.operation.location.format_map(shown)
        version = at(shown, self.operation.etag)
        if version is not None:
            headers["ETag"] = f'"{version}"'
        return headers


def at(shown: object, path: str) -> object:
    """The value at a dotted path, None when there is no path or nothing there."""
    found = shown if path else None
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def duties_in_conflict() -> Problem:
    detail = Sentence(
        "Your roles are duties that nobody may hold together; have one of them taken back",
        "您的角色属于不相容职责，请收回其中之一",
    )
    return Problem(403, "duties_in_conflict", detail)


def not_permitted(permission: str) -> Problem:
    detail = Sentence(
        f"Your roles do not include the permission {permission}",
        f"您的角色没有 {permission} 权限",
    )
    return Problem(403, "not_permitted", detail)
