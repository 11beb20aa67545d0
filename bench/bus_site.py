"""A bus for `make bench`: its database and vhost, what fills them, and who works there."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from bench.bus_tally import METADATA
from chassis import topology
from chassis.database import engine
from chassis.envelope import Outgoing, properties
from chassis.housekeeping import FOR_LONG
from chassis.outbox import Outbox
from chassis.publishing import Letter, Publisher
from chassis.relay import BATCH
from liheng.customer.v1.events_pb2 import KycApproved

EXCHANGE = "liheng.customer.events"
TYPE = KycApproved.DESCRIPTOR.full_name
PATIENCE = 120.0  # seconds

FILL_OUTBOX = """
INSERT INTO outbox (event_id, type, subject, source, body, headers, occurred_at)
SELECT gen_random_uuid()::text, :type, 'c-' || number % 1000, 'customer',
       '{"customerId": "c-1", "reviewerId": "s-1", "expiresOn": "2027-01-31"}', '{}', now()
FROM generate_series(1, :count) AS number
"""


class Site:
    def __init__(self, database_url: str, amqp_url: str) -> None:
        self.database_url = database_url
        self.amqp_url = amqp_url
        self.engine = engine(database_url, connections=2)
        METADATA.create_all(self.engine)
        outbox = Outbox(database_url)
        outbox.keep_house(FOR_LONG)
        outbox.close()
        topology.declare_service(amqp_url, "tally", [TYPE])

    def fill_outbox(self, count: int) -> None:
        self.execute(FILL_OUTBOX, type=TYPE, count=count)

    def execute(self, statement: str, **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(sa.text(statement), values)

    def fill_inbox(self, count: int) -> None:
        """Events that wait for whoever applies them."""
        publisher = Publisher(self.amqp_url)
        for first in range(0, count, BATCH):
            publisher.publish([letter(number) for number in range(first, first + BATCH)])
        publisher.close()

    def empty(self) -> None:
        with topology.connected(self.amqp_url) as connection:
            connection.channel().queue_purge(topology.inbox_of("tally"))
        self.execute("TRUNCATE entries, inbox, outbox")

    def rate(self, kind: str, count: int) -> float:
        """Events a second that one process applies out of a full queue."""
        self.empty()
        self.fill_inbox(count)
        with process(kind, self, count) as running:
            output, _ = running.communicate(timeout=PATIENCE)
        return count / float(output)


def letter(number: int) -> Letter:
    told = KycApproved(customer_id=f"c-{number % 1000}", reviewer_id="s-1")
    event = Outgoing.of(told, source="customer")
    return Letter(EXCHANGE, TYPE, event.body.encode(), properties(event, number))


@contextmanager
def process(kind: str, site: Site, count: int) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-W", "ignore", "-m", "bench.bus_service", kind]
    running = subprocess.Popen(
        [*command, site.database_url, site.amqp_url, str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with running:
        yield running
        running.kill()
