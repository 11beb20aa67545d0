"""What a nameko service class says it wants: events by type, and ticks of a timer.

@subscribe(KycApproved)
def kyc_approved(self, event: KycApproved, meta: Meta) -> None: ...

@batch(HoldingsChanged, AdviserChanged)
def revalued(self, told: Sequence[Told]) -> None: ...

@timer(interval=5)
def end_cooling_off(self) -> None: ...
"""

import inspect
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from eventlet import Timeout
from eventlet.event import Event
from google.protobuf.message import Message
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR, Entrypoint, SharedExtension

from chassis import envelope, topology
from chassis.dependencies import REPLAYED, TRACEPARENT
from chassis.envelope import Incoming, Meta, Unreadable
from chassis.failures import described, is_outage
from chassis.holding import Held
from chassis.inbox import Inbox, Subscriber
from chassis.waiting import WaitingRoom

__all__ = ["Meta", "Told", "batch", "subscribe", "timer", "types_of"]

log = logging.getLogger(__name__)

M = TypeVar("M", bound=Message)
Handler = Callable[[Any, M, Meta], None]
BatchHandler = Callable[[Any, Sequence["Told"]], None]
Tick = Callable[[Any], None]

AMQP_URL = "AMQP_URI"  # in a container's configuration
DATABASE_URL = "database_url"
POLICY = "policy"


@dataclass(frozen=True)
class Told:
    """One event of a batch."""

    event: Any
    meta: Meta


class Mail(SharedExtension):  # type: ignore[misc]
    """The inbox of a service, shared by its subscriptions."""

    def __init__(self) -> None:
        self._subscriptions: dict[str, Subscription] = {}
        self._inbox: Inbox | None = None

    def register(self, subscription: "Subscription") -> None:
        for event_type in subscription.types:
            if event_type in self._subscriptions:
                raise TypeError(f"{event_type} has two handlers in {self.container.service_name}")
            self._subscriptions[event_type] = subscription

    def start(self) -> None:
        subscriber = Subscriber(
            self.container.service_name,
            self.container.config[AMQP_URL],
            {name: each.method_name for name, each in self._subscriptions.items()},
            self.container.config.get(POLICY, topology.DEFAULT),
            frozenset(
                name for name, each in self._subscriptions.items() if isinstance(each, Batch)
            ),
        )
        room = WaitingRoom(self.container.config[DATABASE_URL])
        self._inbox = Inbox(subscriber, room, self._apply, self.container.spawn_managed_thread)
        self.container.spawn_managed_thread(self._inbox.run)

    def finish(self) -> None:
        if self._inbox is not None:
            self._inbox.finish()

    def connected(self) -> bool:
        return self._inbox is not None and self._inbox.connected

    def _apply(self, incoming: Sequence[Incoming]) -> Exception | None:
        return self._subscriptions[incoming[0].type].apply(incoming)


class Subscription(Entrypoint):  # type: ignore[misc]
    """Its handler takes one event at a time."""

    mail = Mail()

    def __init__(self, *message_types: type[Message], **kwargs: Any) -> None:
        self.types = {each.DESCRIPTOR.full_name: each for each in message_types}
        super().__init__(**kwargs)

    def setup(self) -> None:
        self.mail.register(self)

    def stop(self) -> None:
        self.mail.finish()

    def apply(self, incoming: Sequence[Incoming]) -> Exception | None:
        """All of them, or none; the error that stopped it."""
        try:
            told = [
                Told(envelope.parse(self.types[each.type], each), each.meta) for each in incoming
            ]
        except Unreadable as error:
            return error
        first = incoming[0]
        context = {TRACEPARENT: first.meta.traceparent, REPLAYED: first.replayed}
        return _work(self, self.arguments(told), context)

    def arguments(self, told: Sequence[Told]) -> tuple[Any, ...]:
        (only,) = told
        return only.event, only.meta


class Batch(Subscription):
    """Its handler takes several events at once, in order, and applies all of them or none."""

    def arguments(self, told: Sequence[Told]) -> tuple[Any, ...]:
        return (told,)


class Timer(Entrypoint):  # type: ignore[misc]
    """Ticks again *interval* seconds after the last tick was dealt with, however it ended."""

    def __init__(self, interval: float, **kwargs: Any) -> None:
        self.interval = interval
        self._stopping = Event()
        self._thread: Any = None
        super().__init__(**kwargs)

    def start(self) -> None:
        self._thread = self.container.spawn_managed_thread(self._run)

    def stop(self) -> None:
        self._stopping.send()
        self._thread.wait()

    def _run(self) -> None:
        while not self._stopping.ready():
            with Timeout(self.interval, False):
                self._stopping.wait()
            if not self._stopping.ready():
                self._tick()

    def _tick(self) -> None:
        error = _work(self, (), {})
        if error is not None:
            self._report(error)

    def _report(self, error: Exception) -> None:
        name = f"{self.container.service_name}.{self.method_name}"
        if is_outage(error):
            log.warning("%s: waiting: %s", name, described(error))
        else:
            log.error("%s: failed", name, exc_info=error)


def _work(entrypoint: Any, args: tuple[Any, ...], context: dict[str, Any]) -> Exception | None:
    """Run the entrypoint's method in a worker of nameko's; answer the error it ended with."""
    done = Event()

    def settled(_: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        done.send(exc_info[1] if exc_info else None)
        return result, exc_info

    try:
        entrypoint.container.spawn_worker(
            entrypoint, args, {}, context_data=context, handle_result=settled
        )
    except ContainerBeingKilled:
        raise Held from None
    error: Exception | None = done.wait()
    return error


def subscribe(message_type: type[M]) -> Callable[[Handler[M]], Handler[M]]:
    """The method applies events of this type, at least once each; see docs/delivery.md."""
    registered: Callable[[Handler[M]], Handler[M]] = Subscription.decorator(message_type)
    return registered


def batch(*message_types: type[Message]) -> Callable[[BatchHandler], BatchHandler]:
    """The method applies events of these types, as many as there are, in one transaction.

    When that fails it is given them one by one, each in a transaction of its own.
    """
    registered: Callable[[BatchHandler], BatchHandler] = Batch.decorator(*message_types)
    return registered


def timer(interval: float) -> Callable[[Tick], Tick]:
    """The method runs every *interval* seconds, never beside itself."""
    registered: Callable[[Tick], Tick] = Timer.decorator(interval)
    return registered


def types_of(service: type[Any]) -> frozenset[str]:
    """The full names of the events that a service class subscribes to."""
    entrypoints = (
        entrypoint
        for _, method in inspect.getmembers(service, inspect.isfunction)
        for entrypoint in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ())
    )
    return frozenset(
        name for each in entrypoints if isinstance(each, Subscription) for name in each.types
    )
