"""Servers of one stream of events: the feed as the gateway runs it, and the barest of its kind."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from chassis.identity import Caller
from chassis.scope import Reach
from gateway.feed.feed import Feed
from gateway.feed.hints import PERMISSIONS
from gateway.feed.listener import Wish
from gateway.feed.response import EventStream
from gateway.problems import Problem
from gateway.store.database import Store

KEY = bytes(32)
STAFF = count(1)


def feed_app() -> Starlette:
    store = Store(os.environ["LIHENG_GATEWAY_DATABASE_URL"])
    feed = Feed(store, os.environ["LIHENG_AMQP_URL"], [KEY], "1h")

    async def stays() -> None:
        """The session is not what is measured here."""

    async def listen(_: Request) -> Response:
        who = Caller(f"s-{next(STAFF)}", reach=Reach.BRANCH, branch_id="b-bench")
        listener = await feed.listen(who, Wish(frozenset(PERMISSIONS)), "", stays)
        return EventStream(listener, lambda: feed.audience.leave(listener))

    @asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        async with feed.running():
            yield
        await store.close()

    async def not_yet(_: Request, __: Exception) -> Response:
        return Response(status_code=503)

    routes = [Route("/events", listen)]
    return Starlette(routes=routes, lifespan=living, exception_handlers={Problem: not_yet})


def floor_app() -> Starlette:
    """POST a frame, and it is written to everybody."""
    queues: set[asyncio.Queue[bytes]] = set()

    async def listen(_: Request) -> Response:
        mine: asyncio.Queue[bytes] = asyncio.Queue()
        queues.add(mine)

        async def frames() -> AsyncIterator[bytes]:
            while True:
                yield await mine.get()

        return StreamingResponse(frames(), media_type="text/event-stream")

    async def tell(request: Request) -> Response:
        frame = await request.body()
        for each in queues:
            each.put_nowait(frame)
        return Response()

    return Starlette(routes=[Route("/events", listen), Route("/tell", tell, methods=["POST"])])


def main(kind: str, port: str) -> None:
    app = feed_app() if kind == "feed" else floor_app()
    uvicorn.run(app, port=int(port), loop="uvloop", http="httptools", log_level="error")


if __name__ == "__main__":
    main(*sys.argv[1:])
