"""The gateway's database, used from asyncio: blocking statements on a few threads of its own."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from chassis.database import engine
from chassis.failures import described
from chassis.patience import Patience

log = logging.getLogger(__name__)

T = TypeVar("T")

THREADS = 4


class Store:
    """Connects when it is first used. Raises SQLAlchemyError when the database is away."""

    def __init__(self, database_url: str, threads: int = THREADS) -> None:
        self._engine = engine(database_url, connections=threads, ping=True)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="gateway-store")

    async def run(self, work: Callable[[sa.Connection], T]) -> T:
        """*work* in one transaction, in the context of the caller: all of it or nothing."""
        loop, context = asyncio.get_running_loop(), copy_context()
        return await loop.run_in_executor(self._threads, context.run, self._in_transaction, work)

    async def insist(self, work: Callable[[sa.Connection], T]) -> T:
        """As run(), through any outage of the database."""
        patience = Patience()
        while True:
            try:
                return await self.run(work)
            except SQLAlchemyError as error:
                log.warning("waiting for the gateway's database: %s", described(error))
            await asyncio.sleep(patience.pause())

    async def close(self) -> None:
        """When everything under way is done."""
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()

    def _in_transaction(self, work: Callable[[sa.Connection], T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)
