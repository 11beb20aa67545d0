"""What the gateway writes down: who signed in, whom it refused, who took much at once."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from starlette.requests import HTTPConnection

from chassis.identity import caller_or_nobody
from chassis.trail import Entry, Outcome, code
from chassis.trail.entry import Details
from chassis.trail.refusals import Refusals
from gateway.problems import RETRY_AFTER, Problem
from gateway.sentences import Sentence
from gateway.takings import Takings
from gateway.tokens import Session
from liheng.trail.v1 import trail_pb2 as pb

log = logging.getLogger(__name__)

REFUSALS = frozenset({401, 403, 429})  # what a service refuses is in that service's own trail
REMEMBERED = 8192  # sessions
PERMISSIONS = "permissions.in_force"
ANSWERED_BY = "answered_by"  # in a request's scope: the service that refused


class OwnTrail(Protocol):
    """The gateway's trail; raises Problem when it cannot be written or read."""

    async def record(self, *entries: Entry) -> None: ...

    async def record_if_new(self, entry: Entry) -> None:
        """Unless the newest entry with its action says the same."""
        ...

    async def entries(self, request: pb.ListEntriesRequest) -> pb.ListEntriesResponse: ...

    async def head(self) -> pb.GetHeadResponse: ...


class Recorder:
    """Nobody is let in before it is written down; what was refused stays refused in any case."""

    def __init__(self, own: OwnTrail) -> None:
        self.own = own
        self._refusals = Refusals()
        self._takings = Takings()
        self._known: OrderedDict[bytes, asyncio.Task[None]] = OrderedDict()

    async def signed_in(self, session: Session, connection: HTTPConnection) -> None:
        """The first use of a session in this process; those who come meanwhile wait for it."""
        writing = self._known.get(session.digest)
        if writing is None:
            writing = asyncio.create_task(self.own.record(_sign_in(session, connection)))
            self._known[session.digest] = writing
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        if writing.done() and not writing.cancelled() and writing.exception() is None:
            return
        try:
            await asyncio.shield(writing)
        except Problem:
            self._known.pop(session.digest, None)
            raise

    async def refused(self, problem: Problem, connection: HTTPConnection) -> None:
        if problem.status not in REFUSALS or ANSWERED_BY in connection.scope:
            return
        who, address = caller_or_nobody(), address_of(connection)
        source = code(who.system or who.staff_id) or address or "unknown"
        entry = Entry(
            action="request.refused",
            outcome=Outcome.REFUSED,
            details={
                "operation": str(connection.scope.get("operation", "none")),
                "status": problem.status,
                "code": problem.code,
                "address": address,
            },
        )
        await self._try(self._refusals.to_write(source, entry))

    async def shown(self, operation: str, found: Message | Mapping[str, Any] | None) -> None:
        who, rows = caller_or_nobody(), rows_in(found) if isinstance(found, Message) else 0
        rows = self._takings.to_tell(who.system or who.staff_id, operation, rows)
        if rows:
            told: Details = {"operation": operation, "rows": rows}
            await self.own.record(Entry(action="list.exported", details=told))

    async def permissions(self, digest: str) -> None:
        """Which permissions are in force since now, if they are others than before."""
        try:
            await self.own.record_if_new(Entry(action=PERMISSIONS, details={"digest": digest}))
        except Problem as problem:
            log.warning("the permissions in force left no entry: %s", problem.code)

    async def close(self) -> None:
        await self._try(self._refusals.rest())

    async def _try(self, entries: list[Entry]) -> None:
        try:
            if entries:
                await self.own.record(*entries)
        except Problem as problem:
            log.warning("%d refusals left no entry: %s", len(entries), problem.code)


def _sign_in(session: Session, connection: HTTPConnection) -> Entry:
    return Entry(
        action="session.opened",
        subject=code(session.caller.system or session.caller.staff_id),
        details={
            "address": address_of(connection),
            "session": code(str(session.claims.get("sid", ""))) or session.digest.hex()[:32],
        },
    )


def address_of(connection: HTTPConnection) -> str:
    return code(connection.client.host) if connection.client else ""


def rows_in(message: Message) -> int:
    """How many of the things that a list shows."""
    return max((len(getattr(message, name)) for name in _lists(message.DESCRIPTOR)), default=0)


@lru_cache(maxsize=256)
def _lists(kind: Descriptor) -> tuple[str, ...]:
    return tuple(field.name for field in kind.fields if field.is_repeated and field.message_type)


def away() -> Problem:
    detail = Sentence(
        "What happens here cannot be written down for the moment; try again shortly",
        "审计日志暂时无法写入，请稍后重试",
    )
    return Problem(503, "trail_away", detail, headers={"Retry-After": RETRY_AFTER})
