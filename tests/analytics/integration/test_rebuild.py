"""All that was counted is dropped, and comes back byte for byte from the logs of the others."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from google.protobuf.message import Message

from chassis import topology
from chassis.database import engine
from chassis.envelope import Outgoing
from chassis.migrations import migrate
from chassis.outbox import conninfo
from chassis.relay import Relay
from chassis.subscriptions import types_of
from deploy.local.drafting import migrations_of
from liheng.customer.v1 import events_pb2 as customer
from liheng.workflow.v1 import events_pb2 as workflow
from services.analytics.adapters.rebuilding import COUNTED
from services.analytics.adapters.tables import freshness
from services.analytics.entrypoints.events import AnalyticsEvents
from services.customer.adapters.tables import mailbox
from tests.analytics.bus import NOON
from tests.analytics.examples import ANN, BEN, bought, confirmed, holdings, member
from tests.analytics.integration.test_processes import Site
from tests.patience import until

ROOT = Path(__file__).parents[3]
SOURCES = ("customer", "product", "workflow")
CUSTOMERS = 30


class House:
    """The services whose events are counted, as far as they announce, and analytics itself."""

    def __init__(self, databases: dict[str, str], amqp_url: str) -> None:
        self.databases = databases
        self.analytics = Site(databases["analytics"], amqp_url)
        for name, url in databases.items():
            migrate(url, migrations_of(name))
        topology.declare_service(amqp_url, "analytics", types_of(AnalyticsEvents))

    def announce(self, *messages: Message) -> None:
        for message in messages:
            source = message.DESCRIPTOR.full_name.split(".")[1]
            bound = engine(self.databases[source], connections=1)
            with bound.begin() as connection:
                mailbox.put(connection, [Outgoing.of(message, source=source)])
            bound.dispose()

    @contextmanager
    def relaying(self) -> Iterator[None]:
        with ExitStack() as stack:
            for source in SOURCES:
                stack.enter_context(self._relay(source))
            yield

    @contextmanager
    def _relay(self, source: str) -> Iterator[None]:
        exchange = topology.exchange_named(source)
        relay = Relay(source, self.databases[source], self.analytics.amqp_url, exchange)
        stop = threading.Event()
        thread = threading.Thread(target=relay.run, args=(stop,))
        thread.start()
        yield
        stop.set()
        thread.join()

    def rebuild(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        sources = {f"LIHENG_{s.upper()}_DATABASE_URL": self.databases[s] for s in SOURCES}
        return subprocess.run(
            [sys.executable, "-m", "services.analytics", "rebuild", *arguments],
            cwd=ROOT,
            env=os.environ | self.analytics.environ | sources,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def applied(self) -> int:
        with psycopg.connect(conninfo(self.databases["analytics"])) as session:
            ((applied,),) = session.execute("SELECT events_applied FROM freshness")
        return int(applied)

    def counted(self) -> dict[str, bytes]:
        """Every row as PostgreSQL writes it, by table."""
        with psycopg.connect(conninfo(self.databases["analytics"])) as session:
            return {table.name: _dump(session, table.name) for table in (*COUNTED, freshness)}


def _dump(session: "psycopg.Connection[tuple[object, ...]]", table: str) -> bytes:
    with session.cursor().copy(f"COPY {table} TO STDOUT") as copied:
        return b"\n".join(sorted(b"".join(copied).splitlines()))


@pytest.fixture
def house(create_database: Callable[[str], str], create_vhost: Callable[[str], str]) -> House:
    databases = {name: create_database(name) for name in (*SOURCES, "analytics")}
    return House(databases, create_vhost("rebuild"))


def told_of(number: int) -> list[Message]:
    """A customer whose amounts are told now with cents, now without."""
    who, at = f"c-{number}", NOON
    return [
        holdings(who, ANN, at, P1="100.10", P2=f"{number}.00"),
        holdings(who, ANN, at, P1="100", P2="0"),
        customer.AdviserChanged(customer_id=who, at=holdings(who, BEN, at).at, **BEN),
        bought(f"x-{number}", "2026-11-02", f"{number}.50"),
        bought(f"x-{number}", "2026-11-02", "7"),
        workflow.SaleDrafted(
            sale_id=f"d-{number}", customer_id=who, amount="9.90", at=holdings(who, BEN).at, **BEN
        ),
        confirmed(f"d-{number}", BEN, "9.9", customer_id=who),
    ]


def test_what_was_dropped_comes_back_byte_for_byte(house: House) -> None:
    events = house.analytics.start("events")
    story: list[Message] = [
        member("s-ann", "Ann", "t-north", "North"),
        member("s-ben", "Ben", "t-south", "South"),
    ]
    for number in range(CUSTOMERS):
        story += told_of(number)
    try:
        with house.relaying():
            house.announce(*story)
            until("everything is counted", lambda: house.applied() == len(story), 60)
            before = house.counted()

            done = house.rebuild("--drop-what-was-counted")
            assert done.returncode == 0, done.stderr
            until("everything is counted again", lambda: house.applied() == len(story), 60)

        assert house.counted() == before
        assert before["figures"].count(b"\n") > 5
    finally:
        events.kill()
        events.wait()


def test_nothing_is_dropped_unless_it_can_be_counted_again(house: House) -> None:
    del house.databases["workflow"]
    house.databases["workflow"] = ""

    unsure, unable = house.rebuild(), house.rebuild("--drop-what-was-counted")

    assert (unsure.returncode, unable.returncode) == (2, 2)
    assert "LIHENG_<SOURCE>_DATABASE_URL of workflow" in unable.stderr
