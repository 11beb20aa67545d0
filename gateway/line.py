"""Calls on behalf of one request: who asks, in which trace, under which key, until when."""

import asyncio
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import grpc

from chassis.ids import new_id
from chassis.once import METADATA_KEY, REPLAYED
from gateway.services import LONG_PATIENCE, PATIENCE, GuardedCall, UnaryCall

Req = TypeVar("Req")
Res = TypeVar("Res")
Metadata = tuple[tuple[str, str], ...]

PAUSES = (0.05, 0.15, 0.45)  # seconds between attempts
MADE_OF_KEYS = uuid.UUID("5b0f0a57-6f4b-5b1e-9d3b-2f6c8f0c7a11")


@dataclass
class Line:
    """The line of one request to the services.

    With an idempotency *key* a service acts once, however often it is asked: such a call is
    tried again when the service could not be reached.
    """

    metadata: Metadata
    caller_id: str = ""
    key: str = ""
    until: float = field(default_factory=lambda: time.monotonic() + LONG_PATIENCE)
    _said_before: list[bool] = field(default_factory=list)

    @property
    def replayed(self) -> bool:
        """True when every answer had been given before."""
        return bool(self._said_before) and all(self._said_before)

    def id_of(self, what: str) -> str:
        """For a thing that is made by this request; the same when it is sent again."""
        if not self.key:
            return new_id()
        return str(uuid.uuid5(MADE_OF_KEYS, "\n".join((self.caller_id, self.key, what))))

    def part(self, number: int) -> "Line":
        """The line of one item of a batch, with a key of its own."""
        key = f"{self.key}.{number}" if self.key else ""
        return Line(self.metadata, self.caller_id, key, self.until, self._said_before)

    async def call(
        self, method: "UnaryCall[Req, Res]", request: Req, *, seconds: float = PATIENCE
    ) -> Res:
        guarded = cast("GuardedCall[Req, Res]", method)
        for pause in PAUSES if self.key else ():
            try:
                return await self._called(guarded, request, seconds)
            except grpc.aio.AioRpcError as error:
                if not _unreachable(error) or pause >= self._left():
                    raise
            await asyncio.sleep(pause)
        return await self._called(guarded, request, seconds)

    @contextmanager
    def open(self, method: Any, *, seconds: float = LONG_PATIENCE) -> Iterator[Any]:
        """A call that is written to piece by piece, and ended when it is left."""
        guarded = cast("GuardedCall[Any, Any]", method)
        with guarded.guard:
            call = guarded.make(timeout=min(seconds, self._left()), metadata=self._metadata())
            try:
                yield call
            finally:
                call.cancel()  # does nothing once it is answered

    def note(self, metadata: Any) -> None:
        """What an answer begins with tells whether it had been given before."""
        if self.key:
            before = metadata is not None and metadata.get(REPLAYED) == "true"
            self._said_before.append(before)

    async def _called(self, method: "GuardedCall[Req, Res]", request: Req, seconds: float) -> Res:
        with method.guard:
            call = method.make(
                request, timeout=min(seconds, self._left()), metadata=self._metadata()
            )
            answer = await call
            if self.key:
                self.note(await call.initial_metadata())
            return answer

    def _left(self) -> float:
        return max(0.0, self.until - time.monotonic())

    def _metadata(self) -> grpc.aio.Metadata:
        keyed = ((METADATA_KEY, self.key),) if self.key else ()
        return grpc.aio.Metadata(*self.metadata, *keyed)


def _unreachable(error: grpc.aio.AioRpcError) -> bool:
    return error.code() is grpc.StatusCode.UNAVAILABLE
