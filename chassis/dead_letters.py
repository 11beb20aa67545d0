"""Events that could not be applied, as they wait in the broker."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any

from chassis import envelope, topology
from chassis.redirection import (
    DIED_AT,
    FIRST_ERROR,
    HANDLER,
    LAST_ERROR,
    REASON,
    attempt_of,
)

GIVING_BACK, GIVING_BACK_SECONDS = 100, 0.02


@dataclass(frozen=True)
class DeadLetter:
    """What an operator wants to know of one."""

    event_id: str
    event_type: str
    subject: str
    reason: str
    handler: str
    attempt: int
    died_at: str
    first_error: str
    last_error: str
    traceparent: str

    @classmethod
    def of(cls, message: Any) -> "DeadLetter":
        headers = message.headers or {}
        return cls(
            event_id=event_id_of(message),
            event_type=str(_attribute(headers, "type") or message.properties.get("type", "")),
            subject=str(_attribute(headers, "subject")),
            reason=reason_of(headers),
            handler=str(headers.get(HANDLER, "")),
            attempt=attempt_of(headers),
            died_at=str(headers.get(DIED_AT, "")),
            first_error=str(headers.get(FIRST_ERROR, "")),
            last_error=str(headers.get(LAST_ERROR, "")),
            traceparent=str(headers.get("traceparent", "")),
        )


def event_id_of(message: Any) -> str:
    headers = message.headers or {}
    return str(_attribute(headers, "id") or message.properties.get("message_id", ""))


def reason_of(headers: Mapping[str, Any]) -> str:
    """Ours, or else the broker's: delivery_limit when its process died each time."""
    deaths = headers.get("x-death") or [{}]
    return str(headers.get(REASON) or deaths[0].get("reason", "unknown"))


class Letters:
    """Those that are there now, oldest first; what is not let go stays where it is."""

    def __init__(self, channel: Any, queue: str) -> None:
        self._channel = channel
        self._queue = queue
        self.waiting = self._left = waiting(channel, queue)

    def __iter__(self) -> Iterator[Any]:
        taken = (self._channel.basic_get(self._queue) for _ in range(self.waiting))
        return (message for message in taken if message is not None)

    def let_go(self, message: Any) -> None:
        message.channel.basic_ack(message.delivery_tag)
        self._left -= 1

    def give_back(self, other: Any) -> None:
        """Until the broker counts them again, seen on the channel *other*: who asks next may be
        quicker than it. Not for ever: somebody else may have taken some."""
        self._channel.close()
        pause = Event()
        for _ in range(GIVING_BACK):
            if waiting(other, self._queue) >= self._left:
                return
            pause.wait(GIVING_BACK_SECONDS)


@contextmanager
def letters_of(service: str, amqp_url: str) -> Iterator[Letters]:
    with topology.connected(amqp_url) as connection:
        letters = Letters(connection.channel(), topology.dead_letters_of(service))
        yield letters
        letters.give_back(connection.channel())


def waiting(channel: Any, queue: str) -> int:
    return int(channel.queue_declare(queue, passive=True).message_count)


def _attribute(headers: Mapping[str, Any], name: str) -> Any:
    return headers.get(envelope.PREFIX + name, "")


def text_of(body: bytes | str) -> str:
    return body if isinstance(body, str) else bytes(body).decode(errors="replace")
