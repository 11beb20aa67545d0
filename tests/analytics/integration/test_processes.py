"""The service as it is started in production."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
import sqlalchemy as sa
from google.protobuf.message import Message

from chassis.config import read
from chassis.database import engine
from chassis.envelope import Outgoing, properties
from chassis.publishing import Letter, Publisher
from chassis.topology import dead_letters_of, inbox_of
from services.analytics.adapters.tables import figures
from services.analytics.bootstrap import SERVICE
from services.analytics.config import Config
from tests.analytics.bus import NOON
from tests.analytics.examples import ANN, holdings
from tests.chassis.stage import free_port
from tests.patience import until

ROOT = Path(__file__).parents[3]


@dataclass
class Site:
    """A database and a vhost of this test's own."""

    database_url: str
    amqp_url: str
    sequence: int = 0

    @property
    def environ(self) -> dict[str, str]:
        return {
            "LIHENG_DATABASE_URL": self.database_url,
            "LIHENG_AMQP_URL": self.amqp_url,
            "LIHENG_RPC_ADDRESS": "127.0.0.1:0",
            "LIHENG_CALLER_KEY": "{}",
            "LIHENG_PROBE_PORT": str(free_port()),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'contracts'}",
        }

    def start(self, command: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "services.analytics", command],
            cwd=ROOT,
            env=os.environ | self.environ,
            stdout=subprocess.DEVNULL,
        )

    def arrive(self, message: Message) -> None:
        self.sequence += 1
        outgoing = Outgoing.of(message, source="test")
        body, attributes = outgoing.body.encode(), properties(outgoing, self.sequence)
        publisher = Publisher(self.amqp_url)
        publisher.deliver(Letter("", inbox_of("analytics"), body, attributes))
        publisher.close()

    def dead_letters(self) -> int:
        publisher = Publisher(self.amqp_url)
        declared = publisher.channel().queue_declare(dead_letters_of("analytics"), passive=True)
        publisher.close()
        return int(declared.message_count)

    def rows(self, table: sa.Table) -> list[sa.Row[*tuple[object, ...]]]:
        database = engine(self.database_url)
        with database.connect() as connection:
            found = list(connection.execute(sa.select(table)).all())
        database.dispose()
        return found


@pytest.fixture
def site(create_database: Callable[[str], str], create_vhost: Callable[[str], str]) -> Site:
    made = Site(create_database("analytics_alone"), create_vhost("analytics"))
    assert made.start("migrate").wait(60) == 0
    return made


@pytest.fixture
def events(site: Site) -> Iterator[Site]:
    process = site.start("events")
    yield site
    process.terminate()
    assert process.wait(40) == 0


def test_what_arrives_from_the_broker_is_counted(events: Site) -> None:
    events.arrive(holdings("c-1", ANN, NOON, P1="10.01"))

    until("the figures", lambda: len(events.rows(figures)) == 2, 40)


def test_what_cannot_be_read_becomes_a_dead_letter_and_holds_up_nothing(events: Site) -> None:
    events.arrive(holdings("c-1", ANN, NOON, P1="a lot"))
    events.arrive(holdings("c-1", ANN, NOON, P1="10.01"))

    until("the figures", lambda: len(events.rows(figures)) == 2, 40)
    until("the dead letter", lambda: events.dead_letters() == 1, 40)


def test_the_answering_part_is_ready_when_its_database_is(site: Site) -> None:
    part = SERVICE.rpc(read(Config, "analytics", site.environ), lambda: NOON)
    server = grpc.server(ThreadPoolExecutor(1))

    part.register(server)

    assert part.services == ("liheng.analytics.v1.AnalyticsService",)
    assert part.ready()
    part.close()
