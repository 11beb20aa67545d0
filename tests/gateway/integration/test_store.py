"""The gateway's own database, used from asyncio."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from chassis import log
from chassis.envelope import Outgoing
from chassis.identity import Caller, set_caller
from chassis.trail import Entry
from gateway.problems import Problem
from gateway.store.database import Store
from gateway.store.tables import mailbox
from gateway.store.trail import SqlOwnTrail
from liheng.customer.v1.events_pb2 import KycApproved
from liheng.trail.v1 import trail_pb2 as pb

T = TypeVar("T")
WithStore = Callable[[Callable[[Store], Coroutine[Any, Any, T]]], T]


@pytest.fixture
def with_store(postgres_url: Callable[[str], str]) -> WithStore[Any]:
    url = postgres_url("gateway")

    def run(use: Callable[[Store], Coroutine[Any, Any, T]]) -> T:
        async def opened() -> T:
            store = Store(url)
            try:
                return await use(store)
            finally:
                await store.close()

        return asyncio.run(opened())

    return run


AUDITOR = Caller(staff_id="s-auditor", roles=frozenset({"auditor"}))


def put(connection: sa.Connection, subject: str) -> None:
    mailbox.put(connection, [Outgoing.of(KycApproved(customer_id=subject), source="gateway")])


def kept(subject: str) -> Callable[[sa.Connection], int]:
    rows = sa.select(sa.func.count()).where(mailbox.outbox.c.subject == subject)
    return lambda connection: int(connection.execute(rows).scalar_one())


def test_what_many_do_at_once_is_all_kept(with_store: WithStore[int]) -> None:
    async def use(store: Store) -> int:
        puts = (store.run(lambda connection: put(connection, "many")) for _ in range(20))
        await asyncio.gather(*puts)
        return await store.run(kept("many"))

    assert with_store(use) == 20


def test_what_fails_leaves_nothing(with_store: WithStore[int]) -> None:
    def fail(connection: sa.Connection) -> None:
        put(connection, "failed")
        raise LookupError("half-way")

    async def use(store: Store) -> int:
        with pytest.raises(LookupError):
            await store.run(fail)
        return await store.run(kept("failed"))

    assert with_store(use) == 0


def test_work_on_a_thread_is_in_the_trace_of_whoever_asked(with_store: WithStore[str]) -> None:
    async def use(store: Store) -> str:
        log.trace.set("00-of-this-request")
        return await store.run(lambda _: log.trace.get())

    assert with_store(use) == "00-of-this-request"


def test_the_gateway_reads_what_it_wrote_down(with_store: WithStore[list[str]]) -> None:
    async def use(store: Store) -> list[str]:
        set_caller(AUDITOR)
        own = SqlOwnTrail(store)
        await own.record(Entry(action="session.opened", subject="s-7"))
        asked = pb.ListEntriesRequest(actor="s-auditor", limit=2)
        await own.entries(asked)
        return [entry.action for entry in (await own.entries(asked)).entries]

    assert with_store(use) == ["trail.read", "session.opened"]


def test_the_permissions_in_force_are_noted_once(with_store: WithStore[int]) -> None:
    async def use(store: Store) -> int:
        set_caller(AUDITOR)
        own = SqlOwnTrail(store)
        for digest in ("1a", "1a", "2b", "2b", "1a"):
            told = Entry(action="permissions.in_force", details={"digest": digest})
            await own.record_if_new(told)
        asked = pb.ListEntriesRequest(action="permissions.in_force")
        return len((await own.entries(asked)).entries)

    assert with_store(use) == 3


def test_a_trail_that_is_away_is_a_problem_of_its_own() -> None:
    async def use() -> str:
        store = Store("postgresql://nobody@127.0.0.1:1/none")
        try:
            await SqlOwnTrail(store).record(Entry(action="session.opened"))
        except Problem as problem:
            return problem.code
        finally:
            await store.close()
        return ""

    assert asyncio.run(use()) == "trail_away"
