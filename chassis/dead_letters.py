"""Events that could not be applied: look at them, put them back, or let them go.

A letter leaves the dead letters only after the broker has confirmed that it waits in the inbox,
or after an operator said why it may be forgotten.
"""

import argparse
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any

from chassis import envelope, topology
from chassis.publishing import BROKER_ERRORS, Publisher
from chassis.redirection import (
    ATTEMPT,
    DIED_AT,
    FIRST_ERROR,
    HANDLER,
    LAST_ERROR,
    REASON,
    attempt_of,
    resend,
)

log = logging.getLogger(__name__)

Chosen = Callable[[Any], bool]

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
        )


def run(argv: Sequence[str], service_name: str, amqp_url: str) -> int:
    """The exit code of `dead-letters argv`: 0 done, 1 no such letter or no broker, 2 misused."""
    arguments = _arguments(service_name)
    asked = arguments.parse_args(argv)
    if asked.command == "replay" and bool(asked.event_id) == asked.all:
        arguments.error("replay takes event ids, or --all")
    commands: dict[str, Callable[[], int]] = {
        "list": lambda: show_all(service_name, amqp_url),
        "show": lambda: show(service_name, amqp_url, asked.event_id),
        "replay": lambda: replay(service_name, amqp_url, asked.event_id),
        "discard": lambda: discard(service_name, amqp_url, asked.event_id, asked.reason),
    }
    try:
        return commands[asked.command]()
    except BROKER_ERRORS as error:
        print(f"the broker cannot be reached: {error}")
        return 1


def show_all(service: str, amqp_url: str) -> int:
    with letters_of(service, amqp_url) as letters:
        for message in letters:
            letter = DeadLetter.of(message)
            print(
                letter.event_id,
                letter.event_type,
                letter.subject or "-",
                letter.reason,
                f"attempt {letter.attempt}",
                letter.last_error or "-",
                sep="\t",
            )
    return 0


def show(service: str, amqp_url: str, event_id: str) -> int:
    with letters_of(service, amqp_url) as letters:
        for message in filter(_chosen([event_id]), letters):
            print(json.dumps(vars(DeadLetter.of(message)), indent=2, ensure_ascii=False))
            print(_text(message.body))
            return 0
    return _none_of([event_id])


def replay(service: str, amqp_url: str, event_ids: Sequence[str]) -> int:
    """Back into the inbox, as if they came for the first time. Without ids: all there are now."""
    publisher = Publisher(amqp_url)

    def put_back(message: Any) -> None:
        publisher.deliver(resend(message, topology.inbox_of(service), {ATTEMPT: 1}))

    try:
        return _settle(service, amqp_url, event_ids, put_back, "replayed")
    finally:
        publisher.close()


def discard(service: str, amqp_url: str, event_ids: Sequence[str], reason: str) -> int:
    def note(message: Any) -> None:
        letter = vars(DeadLetter.of(message))
        log.warning("dead letter discarded: %s", reason, extra={"dead_letter": letter})

    return _settle(service, amqp_url, event_ids, note, "discarded")


def event_id_of(message: Any) -> str:
    headers = message.headers or {}
    return str(_attribute(headers, "id") or message.properties.get("message_id", ""))


def reason_of(headers: Mapping[str, Any]) -> str:
    """Ours, or else the broker's: delivery_limit when its process died each time."""
    deaths = headers.get("x-death") or [{}]
    return str(headers.get(REASON) or deaths[0].get("reason", "unknown"))


def _settle(
    service: str,
    amqp_url: str,
    event_ids: Sequence[str],
    settle: Callable[[Any], None],
    done: str,
) -> int:
    count = 0
    with letters_of(service, amqp_url) as letters:
        for message in filter(_chosen(event_ids), letters):
            settle(message)
            letters.let_go(message)
            print(f"{done}\t{event_id_of(message)}")
            count += 1
    return 0 if count else _none_of(event_ids)


class Letters:
    """Those that are there now, oldest first; what is not let go stays where it is."""

    def __init__(self, channel: Any, queue: str) -> None:
        self._channel = channel
        self._queue = queue
        self._left = self._count = waiting(channel, queue)

    def __iter__(self) -> Iterator[Any]:
        taken = (self._channel.basic_get(self._queue) for _ in range(self._count))
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


def _chosen(event_ids: Sequence[str]) -> Chosen:
    wanted = frozenset(event_ids)
    return lambda message: not wanted or event_id_of(message) in wanted


def _none_of(event_ids: Sequence[str]) -> int:
    print(f"no dead letter {' '.join(event_ids)}".strip())
    return 1


def _attribute(headers: Mapping[str, Any], name: str) -> Any:
    return headers.get(envelope.PREFIX + name, "")


def _text(body: bytes | str) -> str:
    return body if isinstance(body, str) else bytes(body).decode(errors="replace")


def _arguments(service: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(f"python -m services.{service} dead-letters")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="one line each")
    commands.add_parser("show", help="one, with its body").add_argument("event_id")
    again = commands.add_parser("replay", help="put back into the inbox")
    again.add_argument("event_id", nargs="*")
    again.add_argument("--all", action="store_true", help="all there are now")
    gone = commands.add_parser("discard", help="let go, and say why")
    gone.add_argument("event_id", nargs="+")
    gone.add_argument("--reason", required=True)
    return parser
