"""The gateway's database, used from asyncio: blocking statements on a few threads of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

import sqlalchemy as sa

from chassis.database import engine

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

    async def close(self) -> None:
        """When everything under way is done."""
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()

    def _in_transaction(self, work: Callable[[sa.Connection], T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)
