"""Takes the events of one service from its queue: one at a time, in order, losing none.

Runs on eventlet. An event is acknowledged after it was applied, or after the broker has confirmed
that it waits elsewhere: in a retry queue, or among the dead letters.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eventlet import Timeout
from eventlet.event import Event
from eventlet.semaphore import Semaphore
from prometheus_client import Counter

from chassis import envelope, topology
from chassis.envelope import Incoming, Unreadable
from chassis.failures import described, is_outage
from chassis.patience import Patience
from chassis.publishing import BROKER_ERRORS, Letter, Publisher
from chassis.redirection import Failure, dead_letter, retry_letter
from chassis.topology import Policy

log = logging.getLogger(__name__)

EVENTS = Counter("inbox_events_total", "Events taken", ["service", "type", "outcome"])

PREFETCH = 1  # an event that kills its process must not take its neighbours along
LISTEN_SECONDS = 0.25

# Applies one event, and answers the error that stopped it.
Apply = Callable[[Incoming], Exception | None]


class Held(Exception):
    """The event stays with the broker: this process stops, or has lost the broker."""


@dataclass(frozen=True)
class Subscriber:
    """Who wants the events, and which."""

    service: str
    amqp_url: str
    handlers: dict[str, str]  # event type → name of its handler
    policy: Policy = topology.DEFAULT


class Inbox:
    """Consumes until it is told to finish; finishes what is under way, and acknowledges it."""

    def __init__(
        self, subscriber: Subscriber, apply: Apply, spawn: Callable[[Callable[[], None]], Any]
    ) -> None:
        self.connected = False
        self._subscriber = subscriber
        self._apply = apply
        self._spawn = spawn
        self._alone = Semaphore(1)
        self._under_way = 0
        self._stopping = Event()
        self._stopped = Event()
        self._consumer_tag = ""

    def run(self) -> None:
        """Until finish(); through any outage of the broker."""
        patience = Patience()
        while not self._stopping.ready():
            try:
                self._consume(patience)
            except BROKER_ERRORS as error:
                self.connected = False
                log.warning("%s: no broker: %s", self._subscriber.service, described(error))
                self._pause(patience)
        self._stopped.send()

    def finish(self) -> None:
        """Take no new event; return when the one under way is settled."""
        if not self._stopping.ready():
            self._stopping.send()
        self._stopped.wait()

    def _consume(self, patience: Patience) -> None:
        with topology.connected(self._subscriber.amqp_url) as connection:
            channel = connection.channel()
            self._prepare(channel)
            self.connected = True
            while not self._stopping.ready() or self._under_way:
                self._listen(connection)
                patience.forget()
            self.connected = False

    def _prepare(self, channel: Any) -> None:
        service, types = self._subscriber.service, self._subscriber.handlers
        topology.declare_exchange(channel, topology.exchange_named(service))
        topology.declare_inbox(channel, service, types, self._subscriber.policy)
        channel.basic_qos(0, PREFETCH, False)
        self._consumer_tag = channel.basic_consume(
            topology.inbox_of(service), callback=self._receive, on_cancel=_cancelled
        )

    def _listen(self, connection: Any) -> None:
        try:
            connection.drain_events(timeout=LISTEN_SECONDS)
        except TimeoutError:
            connection.heartbeat_check()

    def _receive(self, message: Any) -> None:
        self._under_way += 1
        self._spawn(lambda: self._take(message))

    def _take(self, message: Any) -> None:
        """Alone even when the broker, after a lost connection, hands out the same event again."""
        try:
            with self._alone:
                if not self._stopping.ready() and message.channel.connection is not None:
                    self._settle(message)
        finally:
            self._under_way -= 1

    def _settle(self, message: Any) -> None:
        try:
            failure = self._failure(message)
            if failure is not None:
                self._redirect(message, failure)
            self._acknowledge(message)
        except Held:
            log.info("%s: an event stays with the broker", self._subscriber.service)

    def _failure(self, message: Any) -> Failure | None:
        """Apply the event; None when that went well."""
        try:
            incoming = envelope.read(message.headers or {}, message.body)
        except Unreadable as error:
            return Failure("unreadable", described(error))
        handler = self._subscriber.handlers.get(incoming.type)
        if handler is None:
            return Failure("unknown_type", f"{incoming.type} has no handler", incoming.type)
        failed = self._apply_through_outages(incoming)
        if failed is None:
            self._count(incoming.type, "applied")
            return None
        return Failure.of(failed, incoming.type, handler)

    def _apply_through_outages(self, incoming: Incoming) -> Exception | None:
        """An outage is not the event's fault: hold it, and do not count."""
        patience = Patience()
        while True:
            error = self._apply(incoming)
            if error is None or not is_outage(error):
                return error
            self._count(incoming.type, "held")
            log.warning("%s: waiting: %s", self._subscriber.service, described(error))
            self._pause(patience)
            self._hold_if_stopping()

    def _redirect(self, message: Any, failure: Failure) -> None:
        service = self._subscriber.service
        again = retry_letter(message, failure, service, self._subscriber.policy)
        letter = again or dead_letter(message, failure, service)
        outcome, level = ("retried", logging.WARNING) if again else ("dead", logging.ERROR)
        self._deliver(letter, message)
        self._count(failure.event_type, outcome)
        about = {"event": failure.event_type, "message_id": letter.message_id}
        said = "%s: %s: %s"
        log.log(level, said, service, outcome, failure.error, exc_info=failure.bug, extra=about)

    def _deliver(self, letter: Letter, message: Any) -> None:
        """Until the broker has it; not longer than it waits for us to acknowledge the original."""
        patience, publisher = Patience(), Publisher(self._subscriber.amqp_url)
        while True:
            try:
                publisher.deliver(letter)
                return publisher.close()
            except BROKER_ERRORS as error:
                log.warning("%s: waiting: %s", self._subscriber.service, described(error))
            self._hold_if_stopping()
            if message.channel.connection is None:
                raise Held
            self._pause(patience)

    def _acknowledge(self, message: Any) -> None:
        """When stopping, first pass the queue on, so that nothing more is handed to us."""
        try:
            if self._stopping.ready():
                message.channel.basic_cancel(self._consumer_tag, nowait=True)
            message.channel.basic_ack(message.delivery_tag)
        except BROKER_ERRORS as error:
            log.warning("%s: not acknowledged: %s", self._subscriber.service, described(error))

    def _hold_if_stopping(self) -> None:
        if self._stopping.ready():
            raise Held

    def _pause(self, patience: Patience) -> None:
        with Timeout(patience.pause(), False):
            self._stopping.wait()

    def _count(self, event_type: str, outcome: str) -> None:
        EVENTS.labels(self._subscriber.service, event_type, outcome).inc()


def _cancelled(consumer_tag: str) -> None:
    raise ConnectionError("the broker cancelled the consumer: its queue moved or was deleted")
