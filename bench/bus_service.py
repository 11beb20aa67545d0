"""python -m bench.bus_service KIND DATABASE_URL AMQP_URL COUNT: one side of a comparison.

Applies COUNT events that wait in the inbox, and prints how many seconds that took from the first.
KIND is ours (a handler of the chassis, one transaction an event), batches (its batch handler), or
without the chassis: plain (kombu and SQLAlchemy doing the same as ours), raw (kombu that only
consumes), or relay.
"""

import os
import sys
import threading
from collections.abc import Callable
from time import perf_counter
from typing import Any

INBOX = "liheng.tally.inbox"
ACKNOWLEDGED_AT_ONCE = 50
ENTRY = "INSERT INTO entries (subject, sequence, told_at) VALUES (:subject, :sequence, :told_at)"


class Count:
    """Ends the process when everything was applied."""

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._applied = 0
        self._began = 0.0

    def applied(self, many: int = 1) -> None:
        self._applied += many
        if self._applied >= self._expected:
            sys.stdout.write(f"{perf_counter() - self._began}\n")
            sys.stdout.flush()
            os._exit(0)

    def begin(self) -> None:
        self._began = self._began or perf_counter()


def chassis(kind: str) -> Callable[[str, str, Count], None]:
    def serve(database_url: str, amqp_url: str, count: Count) -> None:
        from chassis import eventlet_first

        eventlet_first.patch()
        from bench.bus_tally import host_tally

        host_tally(kind, database_url, amqp_url, count)

    return serve


def plain(database_url: str, amqp_url: str, count: Count) -> None:
    """Inbox and effect in one transaction, then acknowledge; one at a time, as ours."""
    import sqlalchemy as sa

    from chassis import envelope
    from liheng.customer.v1.events_pb2 import KycApproved

    noted = sa.text("INSERT INTO inbox (message_id) VALUES (:id) ON CONFLICT DO NOTHING")
    entry = sa.text(ENTRY)
    url = sa.make_url(database_url).set(drivername="postgresql+psycopg")
    bound = sa.create_engine(url, pool_size=1)

    def apply(message: Any) -> None:
        count.begin()
        incoming = envelope.read(message.headers, message.body)
        envelope.parse(KycApproved, incoming)
        with bound.begin() as connection:
            if connection.execute(noted, {"id": incoming.meta.event_id}).rowcount:
                meta = incoming.meta
                told = {"subject": meta.subject, "sequence": meta.sequence, "told_at": meta.time}
                connection.execute(entry, told)
        message.channel.basic_ack(message.delivery_tag)
        count.applied()

    consume(amqp_url, 1, apply)


def raw(_: str, amqp_url: str, count: Count) -> None:
    taken = 0

    def take(message: Any) -> None:
        nonlocal taken
        count.begin()
        taken += 1
        if taken % ACKNOWLEDGED_AT_ONCE == 0:
            message.channel.basic_ack(message.delivery_tag, multiple=True)
            count.applied(ACKNOWLEDGED_AT_ONCE)

    consume(amqp_url, 2 * ACKNOWLEDGED_AT_ONCE, take)


def consume(amqp_url: str, prefetch: int, take: Callable[[Any], None]) -> None:
    from chassis import topology

    with topology.connected(amqp_url) as connection:
        channel = connection.channel()
        channel.basic_qos(0, prefetch, False)
        channel.basic_consume(INBOX, callback=take)
        while True:
            connection.drain_events()


def relay(database_url: str, amqp_url: str, _: Count) -> None:
    from chassis.relay import Relay

    Relay("customer", database_url, amqp_url, "liheng.customer.events").run(threading.Event())


KINDS = {
    "ours": chassis("ours"),
    "batches": chassis("batches"),
    "plain": plain,
    "raw": raw,
    "relay": relay,
}

if __name__ == "__main__":
    kind, database_url, amqp_url, expected = sys.argv[1:]
    KINDS[kind](database_url, amqp_url, Count(int(expected)))
