"""Chains the entries of one service within a second, and announces the head once a day."""

import logging
import threading
from time import monotonic
from zoneinfo import ZoneInfo

import psycopg
from prometheus_client import Counter, Gauge
from sqlalchemy.exc import SQLAlchemyError

from chassis.clock import Clock, system_clock
from chassis.failures import described
from chassis.patience import Patience
from chassis.trail.anchors import Anchors
from chassis.trail.chain import Head
from chassis.trail.ledger import Ledger

log = logging.getLogger(__name__)

BATCH = 1000
POLL_SECONDS = 0.3
STANDBY_SECONDS = 1.0
MEASURE_SECONDS = 5.0

LINKED = Counter("trail_linked_total", "Entries that were chained", ["service"])
LEADING = Gauge("trail_leading", "1 in the process that links, else 0", ["service"])
WAITING = Gauge("trail_waiting_rows", "Entries that wait for their link", ["service"])
LAG = Gauge("trail_lag_seconds", "How long the oldest of them has waited", ["service"])


class Linker:
    """One service's linker. Several may run; one leads, the others stand by.

    Its time is real, whatever clock the service runs on: a trail is evidence.
    """

    def __init__(
        self, name: str, database_url: str, zone: ZoneInfo, clock: Clock = system_clock
    ) -> None:
        self._name = name
        self._database_url = database_url
        self._anchors = Anchors(name, database_url)
        self._zone = zone
        self._clock = clock
        self._ready = False

    def ready(self) -> bool:
        """It leads or stands by, and reaches the database."""
        return self._ready

    def run(self, stop: threading.Event) -> None:
        """Until *stop*; through any outage of the database."""
        patience = Patience()
        while not stop.is_set():
            try:
                self._run(stop, patience)
            except (psycopg.Error, SQLAlchemyError) as error:
                log.warning("%s: linker waits: %s", self._name, described(error))
            except Exception:
                log.exception("%s: linker failed", self._name)
            self._ready = False
            LEADING.labels(self._name).set(0)
            stop.wait(patience.pause())

    def _run(self, stop: threading.Event, patience: Patience) -> None:
        ledger = Ledger(self._name, self._database_url)
        try:
            if self._await_leadership(ledger, stop):
                LEADING.labels(self._name).set(1)
                self._link(ledger, stop, patience)
        finally:
            ledger.close()

    def _await_leadership(self, ledger: Ledger, stop: threading.Event) -> bool:
        while not stop.is_set():
            leading = ledger.lead()
            self._ready = True
            if leading:
                return True
            stop.wait(STANDBY_SECONDS)
        return False

    def _link(self, ledger: Ledger, stop: threading.Event, patience: Patience) -> None:
        head, measured = ledger.head(), float("-inf")
        while not stop.is_set():
            if monotonic() - measured >= MEASURE_SECONDS:
                self._measure(ledger)
                measured = monotonic()
            before, head = head, ledger.link(head, BATCH)
            LINKED.labels(self._name).inc(head.position - before.position)
            if head.position - before.position < BATCH:
                self._announce(head)
                stop.wait(POLL_SECONDS)
            patience.forget()

    def _announce(self, head: Head) -> None:
        now = self._clock()
        if self._anchors.announce(head, now.astimezone(self._zone).date(), now):
            log.info("%s: the head of the trail is announced", self._name)

    def _measure(self, ledger: Ledger) -> None:
        rows, seconds = ledger.backlog()
        WAITING.labels(self._name).set(rows)
        LAG.labels(self._name).set(seconds)
