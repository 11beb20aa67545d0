"""Takes the events of one service from its queue: in order, losing none.

One at a time, or, where the service has handlers that want them so, several in one transaction.
Runs on eventlet. An event is acknowledged after it was applied, or after the broker has confirmed
that it waits elsewhere: in a retry queue, or among the dead letters.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from eventlet.event import Event
from prometheus_client import Counter

from chassis import envelope, topology
from chassis.envelope import Incoming, Unreadable
from chassis.failures import described, is_outage
from chassis.holding import Held, Holding
from chassis.patience import Patience
from chassis.postponing import Postponing
from chassis.publishing import BROKER_ERRORS
from chassis.redirection import Failure
from chassis.topology import Policy
from chassis.waiting import WaitingRoom

log = logging.getLogger(__name__)

EVENTS = Counter("inbox_events_total", "Events taken", ["service", "type", "outcome"])

PREFETCH = 1  # an event that kills its process must not take its neighbours along
BATCH = 100  # events in one transaction
FETCHED = 3 * BATCH  # while nothing comes back from a process that died: the next batch is there
LISTEN_SECONDS = 0.25

ABOUT = (envelope.PREFIX + "source", envelope.PREFIX + "subject")

# Applies events of one handler, and answers the error that stopped it; only one that takes
# batches is given several.
Apply = Callable[[Sequence[Incoming]], Exception | None]


@dataclass(frozen=True)
class Subscriber:
    """Who wants the events, and which."""

    service: str
    amqp_url: str
    handlers: dict[str, str]  # event type → name of its handler
    policy: Policy = topology.DEFAULT
    batches: frozenset[str] = frozenset()  # event types whose handlers take several at once


class Inbox:
    """Consumes until it is told to finish; finishes what is under way, and acknowledges it."""

    def __init__(
        self,
        subscriber: Subscriber,
        room: WaitingRoom,
        apply: Apply,
        spawn: Callable[[Callable[[], None]], Any],
    ) -> None:
        self.connected = False
        self._subscriber = subscriber
        self._room = room
        self._apply = apply
        self._spawn = spawn
        self._taking = False
        self._waiting: deque[Any] = deque()
        self._under_way = 0
        self._prefetch = PREFETCH
        self._holding = Holding(subscriber.service)
        self._postponing = Postponing(subscriber.amqp_url, subscriber.policy, room, self._holding)
        self._stopped = Event()
        self._consumer_tag = ""

    def run(self) -> None:
        """Until finish(); through any outage of the broker."""
        patience = Patience()
        while not self._holding.stopping:
            try:
                self._consume(patience)
            except BROKER_ERRORS as error:
                self.connected = False
                log.warning("%s: no broker: %s", self._subscriber.service, described(error))
                self._holding.pause(patience)
        self._stopped.send()

    def finish(self) -> None:
        """Take no new event; return when the one under way is settled."""
        self._holding.stop()
        self._stopped.wait()

    def _consume(self, patience: Patience) -> None:
        with topology.connected(self._subscriber.amqp_url) as connection:
            channel = connection.channel()
            self._prepare(channel)
            self.connected = True
            while not self._holding.stopping or self._under_way:
                self._listen(connection)
                patience.forget()
                if not self._consumer_tag and not self._holding.stopping:
                    self._subscribe(channel, FETCHED)
            self.connected = False

    def _prepare(self, channel: Any) -> None:
        service, types = self._subscriber.service, self._subscriber.handlers
        topology.declare_exchange(channel, topology.exchange_named(service))
        topology.declare_inbox(channel, service, types, self._subscriber.policy)
        self._subscribe(channel, PREFETCH)

    def _subscribe(self, channel: Any, prefetch: int) -> None:
        self._room.forget()
        self._prefetch = prefetch
        channel.basic_qos(0, prefetch, False)
        self._consumer_tag = channel.basic_consume(
            topology.inbox_of(self._subscriber.service),
            callback=self._receive,
            on_cancel=_cancelled,
        )

    def _listen(self, connection: Any) -> None:
        try:
            connection.drain_events(timeout=LISTEN_SECONDS)
        except TimeoutError:
            connection.heartbeat_check()

    def _receive(self, message: Any) -> None:
        self._under_way += 1
        self._waiting.append(message)
        if not self._taking:
            self._taking = True
            self._spawn(self._take)

    def _take(self) -> None:
        """Alone even when the broker, after a lost connection, hands out the same event again."""
        try:
            while self._waiting:
                self._take_next()
        finally:
            self._taking = False

    def _take_next(self) -> None:
        messages = self._next()
        try:
            if not self._holding.stopping and _is_open(messages[0]):
                self._settle_all(messages)
        finally:
            self._under_way -= len(messages)

    def _next(self) -> list[Any]:
        """The next event, with those behind it that the same handler takes in one batch."""
        taken: list[Any] = []
        while self._waiting and len(taken) < BATCH and self._goes_with(taken, self._waiting[0]):
            taken.append(self._waiting.popleft())
        return taken

    def _goes_with(self, taken: Sequence[Any], message: Any) -> bool:
        if not taken:
            return True
        group = self._group(taken[0])
        return group is not None and group == self._group(message)

    def _group(self, message: Any) -> tuple[object, ...] | None:
        """Equal for events that may share a transaction; None for one that is applied alone."""
        headers = message.headers or {}
        event_type = str(headers.get(envelope.PREFIX + "type", ""))
        if event_type not in self._subscriber.batches or message.delivery_info["redelivered"]:
            return None
        if self._room.may_concern(*(str(headers.get(each, "")) for each in ABOUT)):
            return None
        return (
            self._subscriber.handlers[event_type],
            envelope.REPLAY in headers,
            message.channel,
        )

    def _settle_all(self, messages: Sequence[Any]) -> None:
        """A batch as a whole, or else one by one, so that a bad one does not stop the others."""
        if len(messages) > 1 and self._settle_batch(messages):
            return
        for message in messages:
            if not self._holding.stopping and _is_open(message):
                self._settle(message)

    def _settle_batch(self, messages: Sequence[Any]) -> bool:
        try:
            incoming = [envelope.read(each.headers or {}, each.body) for each in messages]
            if self._apply_through_outages(incoming) is not None:
                return False
        except Unreadable:
            return False
        except Held:
            log.info("%s: a batch stays with the broker", self._subscriber.service)
            return True
        for each in incoming:
            self._count(each.type, "applied")
        self._acknowledge(messages[-1], multiple=True)
        return True

    def _settle(self, message: Any) -> None:
        try:
            self._take_turn(message)
            self._acknowledge(message)
        except Held:
            log.info("%s: an event stays with the broker", self._subscriber.service)

    def _take_turn(self, message: Any) -> None:
        """Apply the event, unless it has to wait for an elder one."""
        try:
            incoming = envelope.read(message.headers or {}, message.body)
        except Unreadable as error:
            self._bury(message, Failure("unreadable", described(error)))
            return
        handler = self._subscriber.handlers.get(incoming.type)
        if handler is None:
            unheard = f"{incoming.type} has no handler"
            self._bury(message, Failure("unknown_type", unheard, incoming.type))
        elif self._postponing.behind_elder(message, incoming):
            self._count(incoming.type, "behind")
        else:
            self._apply_alone(message, incoming, handler)

    def _apply_alone(self, message: Any, incoming: Incoming, handler: str) -> None:
        if self._has_last_chance(message):
            self._postponing.no_longer_awaited(incoming)
        error = self._apply_through_outages([incoming])
        if error is None:
            self._count(incoming.type, "applied")
        else:
            failure = Failure.of(error, incoming.type, handler)
            if self._postponing.next_attempt(message, incoming, failure):
                self._count(incoming.type, "retried")
                return
            self._bury(message, failure)
        self._postponing.no_longer_awaited(incoming)

    def _has_last_chance(self, message: Any) -> bool:
        """The broker makes it a dead letter if it kills this process, too, and tells nobody."""
        deaths = (message.headers or {}).get("x-delivery-count", 0)
        return isinstance(deaths, int) and deaths >= self._subscriber.policy.delivery_limit

    def _bury(self, message: Any, failure: Failure) -> None:
        self._postponing.dead(message, failure)
        self._count(failure.event_type, "dead")

    def _apply_through_outages(self, incoming: Sequence[Incoming]) -> Exception | None:
        """An outage is not the event's fault: hold it, and do not count."""
        patience = Patience()
        while True:
            error = self._apply(incoming)
            if error is None or not is_outage(error):
                return error
            self._count(incoming[0].type, "held")
            log.warning("%s: waiting: %s", self._subscriber.service, described(error))
            self._holding.pause_or_give_up(patience)

    def _acknowledge(self, message: Any, *, multiple: bool = False) -> None:
        """Where this is the only event that was fetched, leave the queue first if need be.

        Whoever leaves while others are fetched lets another process overtake them; they go back
        in order when the connection ends.
        """
        try:
            if self._prefetch == PREFETCH and self._consumer_tag and self._leaves(message):
                message.channel.basic_cancel(self._consumer_tag, nowait=True)
                self._consumer_tag = ""
            message.channel.basic_ack(message.delivery_tag, multiple=multiple)
        except BROKER_ERRORS as error:
            log.warning("%s: not acknowledged: %s", self._subscriber.service, described(error))

    def _leaves(self, message: Any) -> bool:
        """To stop, or to come back for more: an event that kills its process comes back alone, so
        several are fetched only behind one that came for the first time."""
        fresh = not message.delivery_info["redelivered"]
        return self._holding.stopping or (fresh and bool(self._subscriber.batches))

    def _count(self, event_type: str, outcome: str) -> None:
        EVENTS.labels(self._subscriber.service, event_type, outcome).inc()


def _is_open(message: Any) -> bool:
    return message.channel.connection is not None


def _cancelled(consumer_tag: str) -> None:
    raise ConnectionError("the broker cancelled the consumer: its queue moved or was deleted")
