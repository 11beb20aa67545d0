"""The events process, as it is started in production: from the broker to the tables."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from google.protobuf.message import Message

from chassis.database import engine
from chassis.envelope import Outgoing, properties
from chassis.moments import stamp
from chassis.publishing import Letter, Publisher
from chassis.topology import inbox_of
from liheng.customer.v1.events_pb2 import CustomerFacts, CustomerOnboarded
from liheng.product.v1.events_pb2 import ProductListed, RatingChanged
from services.suitability.adapters.tables import assessments, customers, mailbox, products
from tests.chassis.stage import free_port
from tests.patience import until

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
PATIENCE = 40.0  # seconds, for two processes on a busy machine


class Events:
    """A database, a vhost and the events process on them."""

    def __init__(self, database_url: str, amqp_url: str) -> None:
        self.engine = engine(database_url)
        self._amqp_url = amqp_url
        self._sequence = 0
        self.environ = os.environ | {
            "LIHENG_DATABASE_URL": database_url,
            "LIHENG_AMQP_URL": amqp_url,
            "LIHENG_RPC_ADDRESS": "127.0.0.1:0",
            "LIHENG_CALLER_KEY": "{}",
            "LIHENG_PROBE_PORT": str(free_port()),
            "LIHENG_SUITABILITY_LICENCE": "fund_distributor",
            "PYTHONPATH": ".:contracts",
        }

    def command(self, name: str) -> list[str]:
        return [sys.executable, "-m", "services.suitability", name]

    def migrate(self) -> None:
        subprocess.run(self.command("migrate"), env=self.environ, check=True)

    def start(self, probe_port: int | None = None) -> "subprocess.Popen[bytes]":
        own = {"LIHENG_PROBE_PORT": str(probe_port)} if probe_port else {}
        return subprocess.Popen(self.command("events"), env=self.environ | own)

    def arrive(self, message: Message) -> None:
        self._sequence += 1
        outgoing = Outgoing.of(message, source="test")
        letter = Letter(
            "",
            inbox_of("suitability"),
            outgoing.body.encode(),
            properties(outgoing, self._sequence),
        )
        publisher = Publisher(self._amqp_url)
        publisher.deliver(letter)
        publisher.close()

    def rows(self, table: sa.Table) -> list[dict[str, object]]:
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


@pytest.fixture
def events(
    create_database: Callable[[str], str], create_vhost: Callable[[str], str]
) -> Iterator[Events]:
    events = Events(create_database("suitability_events"), create_vhost("suitability"))
    events.migrate()
    process = events.start()
    yield events
    process.terminate()
    assert process.wait(timeout=PATIENCE) == 0
    events.engine.dispose()


def test_what_arrives_from_the_broker_is_kept(events: Events) -> None:
    facts = CustomerFacts(kind="person", born_on="1980-05-01", financial_assets="3500000.00")
    events.arrive(
        CustomerOnboarded(
            customer_id="c-1",
            facts=facts,
            risk_level="C4",
            assessed_on="2026-03-01",
            at=stamp(NOON),
        )
    )
    events.arrive(ProductListed(product_id="P1", kind="public_fund", seller_level="R3"))
    events.arrive(RatingChanged(product_id="P1", seller_level="R4"))

    until(
        "the changed rating",
        lambda: [row["sequence"] for row in events.rows(products)] == [3],
        PATIENCE,
    )

    (customer,) = events.rows(customers)
    (product,) = events.rows(products)
    (assessment,) = events.rows(assessments)
    assert customer["facts"] == {
        "kind": "person",
        "born_on": "1980-05-01",
        "financial_assets": "3500000.00",
    }
    assert product["facts"] == {"kind": "public_fund", "seller_level": "R4"}
    assert (assessment["level"], assessment["source"]) == ("C4", "import")
    assert [row["type"] for row in events.rows(mailbox.outbox)] == [
        "liheng.suitability.v1.ProfileAssessed"
    ]
