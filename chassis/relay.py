"""Publishes what a service put into its outbox: in order, and logs only what the broker has."""

import logging
import threading
from collections.abc import Sequence
from time import monotonic

import psycopg
from prometheus_client import Counter, Gauge

from chassis import topology
from chassis.envelope import properties
from chassis.failures import described
from chassis.housekeeping import FOR_LONG, Kept
from chassis.outbox import Outbox, Row
from chassis.patience import Patience
from chassis.publishing import BROKER_ERRORS, Answer, Letter, Publisher, Unconfirmed

log = logging.getLogger(__name__)

BATCH = 200
POLL_SECONDS = 1.0
OFFER_AGAIN_SECONDS = 300.0
MEASURE_SECONDS = 5.0
HOUSE_SECONDS = 3600.0

PUBLISHED = Counter("relay_published_total", "Events the broker has taken", ["service"])
RETURNED = Counter("relay_returned_total", "Events nobody subscribes to", ["service", "type"])
LEADING = Gauge(
    "relay_leading", "1 in the process that relays, 0 in one that stands by", ["service"]
)
BACKLOG = Gauge("relay_backlog_rows", "Events that wait to be published", ["service"])
LAG = Gauge("relay_lag_seconds", "How long the oldest of them has waited", ["service"])


class Relay:
    """One service's relay. Several may run; one leads, the others stand by."""

    def __init__(
        self,
        name: str,
        database_url: str,
        amqp_url: str,
        exchange: str,
        kept: Kept = FOR_LONG,
    ) -> None:
        self._name = name
        self._database_url = database_url
        self._amqp_url = amqp_url
        self._exchange = exchange
        self._kept = kept
        self._unwanted: set[str] = set()
        self._ahead: Sequence[Row] = ()  # read while the broker was busy with those before
        self._ready = False

    def ready(self) -> bool:
        """It leads and reaches the broker, or stands by and reaches the database."""
        return self._ready

    def run(self, stop: threading.Event) -> None:
        """Until *stop*; through any outage of database and broker."""
        patience = Patience()
        while not stop.is_set():
            try:
                self._run(stop, patience)
            except (psycopg.Error, *BROKER_ERRORS) as error:
                log.warning("%s: relay waits: %s", self._name, described(error))
            except Exception:
                log.exception("%s: relay failed", self._name)
            self._ready = False
            LEADING.labels(self._name).set(0)
            stop.wait(patience.pause())

    def _run(self, stop: threading.Event, patience: Patience) -> None:
        outbox, publisher = Outbox(self._database_url), Publisher(self._amqp_url)
        self._ahead = ()
        try:
            if self._await_leadership(outbox, stop):
                topology.declare_exchange(publisher.channel(), self._exchange)
                self._ready = True
                LEADING.labels(self._name).set(1)
                self._relay(outbox, publisher, stop, patience)
        except Exception:
            publisher.abandon()
            raise
        finally:
            publisher.close()
            outbox.close()

    def _await_leadership(self, outbox: Outbox, stop: threading.Event) -> bool:
        while not stop.is_set():
            if outbox.lead():
                return True
            self._ready = True
            stop.wait(POLL_SECONDS)
        return False

    def _relay(
        self, outbox: Outbox, publisher: Publisher, stop: threading.Event, patience: Patience
    ) -> None:
        offered = measured = tidied = -HOUSE_SECONDS
        while not stop.is_set():
            now = monotonic()
            if now - tidied >= HOUSE_SECONDS:
                outbox.keep_house(self._kept)
                tidied = now
            if now - offered >= OFFER_AGAIN_SECONDS:
                self._offer_again(outbox, publisher)
                offered = now
            if now - measured >= MEASURE_SECONDS:
                self._measure(outbox)
                measured = now
            if not self._publish_some(outbox, publisher):
                publisher.keep_alive()
                outbox.await_news(POLL_SECONDS)
            patience.forget()

    def _publish_some(self, outbox: Outbox, publisher: Publisher) -> int:
        rows, self._ahead = self._ahead or outbox.waiting(BATCH), ()
        if rows:
            publisher.send([self._letter(row) for row in rows])
            if len(rows) == BATCH:
                self._ahead = outbox.ahead(BATCH, rows)
            self._settle(rows, publisher.answer(), outbox)
        return len(rows)

    def _settle(self, rows: Sequence[Row], answer: Answer, outbox: Outbox) -> Sequence[Row]:
        """Those that somebody wanted."""
        taken = [row for row in rows if row.event.event_id in answer.taken]
        returned = [row for row in rows if row.event.event_id in answer.returned]
        outbox.published([row.id for row in taken])
        outbox.returned([row.id for row in returned])
        PUBLISHED.labels(self._name).inc(len(taken))
        self._report(returned)
        if answer.refused:
            raise Unconfirmed(f"the broker refused {len(answer.refused)} events for now")
        return taken

    def _offer_again(self, outbox: Outbox, publisher: Publisher) -> None:
        """A queue may have appeared for what nobody wanted: try the oldest of each type.

        What waits again goes before what was read ahead.
        """
        self._ahead = ()
        oldest = outbox.oldest_returned()
        if oldest:
            answer = publisher.publish([self._letter(row) for row in oldest])
            types = [row.event.type for row in self._settle(oldest, answer, outbox)]
            outbox.wanted(types)
            self._unwanted.difference_update(types)

    def _report(self, returned: Sequence[Row]) -> None:
        for row in returned:
            RETURNED.labels(self._name, row.event.type).inc()
            if row.event.type not in self._unwanted:
                self._unwanted.add(row.event.type)
                log.warning("%s: nobody subscribes to %s; it is kept", self._name, row.event.type)

    def _measure(self, outbox: Outbox) -> None:
        rows, seconds = outbox.backlog()
        BACKLOG.labels(self._name).set(rows)
        LAG.labels(self._name).set(seconds)

    def _letter(self, row: Row) -> Letter:
        body = row.event.body.encode()
        return Letter(self._exchange, row.event.type, body, properties(row.event, row.id))
