"""A stream of server-sent events, written as long as there is somebody to read it."""

import asyncio
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.feed.listener import Listener

LAST_WORDS = 5.0  # seconds that a slow client has for them
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class EventStream(Response):
    """Calls *left* once, in whichever way it ends."""

    media_type = "text/event-stream"

    def __init__(self, listener: Listener, left: Callable[[], None]) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._listener = listener
        self._left = left

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        writing = asyncio.create_task(self._write(send))
        watching = [asyncio.create_task(each) for each in (gone(receive), self._overdue())]
        try:
            await send(start)
            await asyncio.wait({writing, *watching}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._left()
            for task in (writing, *watching):
                task.cancel()
            await asyncio.gather(writing, *watching, return_exceptions=True)

    async def _write(self, send: Send) -> None:
        async for piece in self._listener.frames():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _overdue(self) -> None:
        await self._listener.ended.wait()
        await asyncio.sleep(LAST_WORDS)


async def gone(receive: Receive) -> None:
    """Returns when the client has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass
