"""From a request to its answer: who is it, may they, what do they want, what is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import grpc
from starlette.requests import Request
from starlette.responses import Response

from chassis import log, versions
from chassis.identity import METADATA_KEY, Caller, CallerSigner, set_caller
from gateway.answering import Writer, replay_header
from gateway.budgets import Budgets
from gateway.entrance import Entrance
from gateway.line import Line
from gateway.operation import Asked, Operation, Values
from gateway.parsing import limited, read, refuse_announced
from gateway.permissions import Permissions
from gateway.problems import Problem, from_rpc
from gateway.sentences import Sentence
from gateway.services import Services
from gateway.tokens import Session
from gateway.trail import ANSWERED_BY, Recorder


@dataclass(frozen=True)
class Door:
    """Everything an endpoint needs of the process it runs in."""

    entrance: Entrance
    permissions: Permissions
    signer: CallerSigner
    services: Services
    budgets: Budgets
    trail: Recorder

    async def admit(self, request: Request, permission: str) -> Caller:
        session = await self._session(request)
        caller = session.caller
        set_caller(caller)
        request.scope["answer_headers"] = self.budgets.spend(
            caller, request.scope["operation"], kind_of(request)
        )
        await self.trail.signed_in(session, request)
        if self.permissions.conflict(caller.roles):
            raise duties_in_conflict()
        if not self.permissions.allow(caller.roles, permission):
            raise not_permitted(permission)
        sight = self.permissions.sight(caller.roles)
        return replace(caller, reach=sight.reach, sees=sight.fields)

    async def _session(self, request: Request) -> Session:
        """A flood of bad tokens costs their address its budget, and us nothing more."""
        address = request.client.host if request.client else ""
        if not self.entrance.tokens.knows(request.headers.get("authorization", "")):
            self.budgets.check_address(address)
        try:
            return await self.entrance.session(request)
        except Problem as problem:
            if problem.code == "token_refused":
                self.budgets.note_refused(address)
            raise

    def line(self, caller: Caller, request_id: str, said: "Said") -> Line:
        seen = ((versions.METADATA_KEY, said.seen),) if said.seen else ()
        about = (
            (METADATA_KEY, self.signer.sign(caller)),
            ("traceparent", log.trace.get()),
            ("x-request-id", request_id),
        )
        return Line(about + seen, caller.system or caller.staff_id, said.key)


@dataclass(frozen=True)
class Said:
    """The idempotency key, and the version of the thing that was seen."""

    key: str = ""
    seen: str = ""


class Endpoint:
    """Answers one operation."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self._schemas = operation.schemas()
        self._writer = Writer(operation)

    async def answer(self, request: Request) -> Response:
        door: Door = request.app.state.door
        caller = await door.admit(request, self.operation.permission)
        asked = await self._understood(request, caller, door)
        try:
            found = await self.operation.run(asked)
        except grpc.aio.AioRpcError as error:
            asked.line.note(error.initial_metadata())
            request.scope[ANSWERED_BY] = self.operation.tag
            raise self._refused(error, asked) from error
        if isinstance(found, Response):
            return found
        if self.operation.reads:
            await door.trail.shown(self.operation.name, found)
        return self._writer.response(found, asked)

    async def _understood(self, request: Request, caller: Caller, door: Door) -> Asked:
        refuse_announced(request, self.operation.largest_body)
        within = Request(request.scope, limited(request.receive, self.operation.largest_body))
        values = await read(within, self._schemas)
        query, headers = values.get("query", {}), values.get("headers", {})
        return Asked(
            request=within,
            caller=caller,
            permissions=door.permissions,
            services=door.services,
            line=door.line(caller, request.scope["request_id"], self._said(values)),
            path=values.get("path", {}),
            query=query,
            body=values.get("body", {}),
            headers=headers,
            trail=door.trail,
            fields=query.pop("fields", None),
        )

    def _said(self, values: Mapping[str, Values]) -> Said:
        """What of the headers concerns the services."""
        headers = values.get("headers", {})
        version = headers.get("if_match")
        thing = values.get("path", {}).get(self.operation.guards)
        return Said(
            key=headers.get("idempotency_key", ""),
            seen=f"{thing}:{version}" if version else "",
        )

    def _refused(self, error: grpc.aio.AioRpcError, asked: Asked) -> Problem:
        """What changed meanwhile is a failed precondition to a caller who named a version."""
        problem = from_rpc(error, self.operation.tag, self._location)
        headers = {**problem.headers, **replay_header(asked.line)}
        stale = problem.code == "changed_meanwhile" and "if_match" in asked.headers
        return problem.again(status=412 if stale else problem.status, headers=headers)

    def _location(self, field: str) -> str:
        first = field.partition(".")[0]
        found = (where for where, schema in self._schemas.items() if first in schema.fields)
        return next(found, "body")


def kind_of(request: Request) -> str:
    if request.method in ("GET", "HEAD"):
        return "read"
    return "batch" if request.scope["operation"].endswith("_batch") else "change"


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
