"""Work that goes on beside requests, as long as the gateway does."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

log = logging.getLogger(__name__)


@asynccontextmanager
async def going_on(work: Coroutine[Any, Any, Any]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    task.add_done_callback(tell_of_failure)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def tell_of_failure(task: asyncio.Task[Any]) -> None:
    """When it happens, not when the process ends."""
    if not task.cancelled() and task.exception() is not None:
        log.error("work beside the requests has failed", exc_info=task.exception())
