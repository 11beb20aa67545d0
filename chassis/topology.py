"""Exchanges and queues: their names, their arguments, and how they hang together."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kombu.connection import Connection

CONNECT_SECONDS = 5
HEARTBEAT_SECONDS = 20
NEVER = 2_147_483_647  # deliveries: looking at a dead letter must not use it up


@dataclass(frozen=True)
class Policy:
    """How often an event is tried before it is a dead letter."""

    delays: tuple[float, ...] = (0.5, 2.0, 5.0)  # seconds before each further attempt
    delivery_limit: int = 20  # times it may come back because its process died


DEFAULT = Policy()


def exchange_of(event_type: str) -> str:
    """liheng.customer.v1.KycApproved is announced on liheng.customer.events."""
    suite, service, *_ = event_type.split(".")
    return f"{suite}.{service}.events"


def exchange_named(service: str) -> str:
    return f"liheng.{service}.events"


def inbox_of(service: str) -> str:
    return f"liheng.{service}.inbox"


def dead_letters_of(service: str) -> str:
    return f"liheng.{service}.dead-letters"


def retry_queue_of(service: str, delay: float) -> str:
    return f"liheng.{service}.retry.{_milliseconds(delay)}ms"


@contextmanager
def connected(amqp_url: str) -> Iterator[Any]:
    """A connection, closed in the end; dropped without a word when something went wrong."""
    connection = connect(amqp_url)
    try:
        connection.connect()
        yield connection
    except BaseException:
        connection.collect()
        raise
    connection.release()


def connect(amqp_url: str) -> Any:
    """A connection that is established when it is first used."""
    connection: Any = Connection
    return connection(amqp_url, connect_timeout=CONNECT_SECONDS, heartbeat=HEARTBEAT_SECONDS)


def declare_service(
    amqp_url: str, service: str, event_types: Iterable[str], policy: Policy = DEFAULT
) -> None:
    """All that *service* needs on the broker: where it announces, and where it is told."""
    with connected(amqp_url) as connection:
        channel = connection.channel()
        declare_exchange(channel, exchange_named(service))
        declare_inbox(channel, service, event_types, policy)


def declare_exchange(channel: Any, exchange: str) -> None:
    channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)


def declare_inbox(
    channel: Any, service: str, event_types: Iterable[str], policy: Policy = DEFAULT
) -> None:
    """The one queue of *service*, its waiting rooms and its dead letters; bound last."""
    inbox, dead_letters = inbox_of(service), dead_letters_of(service)
    _declare(channel, dead_letters, {"x-delivery-limit": NEVER})
    in_order = {"x-single-active-consumer": True, "x-delivery-limit": policy.delivery_limit}
    _declare(channel, inbox, in_order | _dying_to(dead_letters))
    for delay in policy.delays:
        waiting = {"x-message-ttl": _milliseconds(delay), "x-delivery-limit": NEVER}
        _declare(channel, retry_queue_of(service, delay), waiting | _dying_to(inbox))
    bind(channel, inbox, event_types)


def declare_intake(channel: Any, queue: str, dead_letters: str, event_types: Iterable[str]) -> None:
    """A durable queue that several processes may read at once; bound last."""
    _declare(channel, dead_letters, {"x-delivery-limit": NEVER})
    _declare(channel, queue, {"x-delivery-limit": NEVER, **_dying_to(dead_letters)})
    bind(channel, queue, event_types)


def bind(channel: Any, queue: str, event_types: Iterable[str]) -> None:
    for event_type in sorted(event_types):
        declare_exchange(channel, exchange_of(event_type))
        channel.queue_bind(queue, exchange_of(event_type), event_type)


def _declare(channel: Any, queue: str, arguments: dict[str, Any]) -> None:
    arguments = {"x-queue-type": "quorum", **arguments}
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments=arguments)


def _dying_to(queue: str) -> dict[str, Any]:
    return {
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def _milliseconds(delay: float) -> int:
    return int(delay * 1000)
