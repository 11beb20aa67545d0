"""An event with its CloudEvents 1.0 attributes: protobuf message, outbox row, AMQP message.

The mapping is written down in docs/delivery.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from google.protobuf import json_format
from google.protobuf.message import Message

from chassis import log
from chassis.clock import system_clock
from chassis.ids import new_id
from chassis.moments import moment

M = TypeVar("M", bound=Message)

PREFIX = "cloudEvents:"
REPLAY = "liheng:replay"  # header: the event comes once more, out of an event log
CONTENT_TYPE = "application/json"
SEQUENCE_DIGITS = 19  # as many as a bigint has: sorts as text, too
LARGEST_SEQUENCE = 2**63 - 1


class Unreadable(Exception):
    """What arrived is not an event as docs/delivery.md describes it."""


@dataclass(frozen=True)
class Meta:
    """What is known about an event beside its content.

    *sequence* grows per announcing service: of two events about one subject, the larger is newer.
    """

    event_id: str
    subject: str
    sequence: int
    time: datetime
    source: str
    traceparent: str = ""


@dataclass(frozen=True)
class Outgoing:
    """An event on its way into the outbox."""

    event_id: str
    type: str
    subject: str
    source: str
    time: datetime
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, message: Message, *, source: str) -> "Outgoing":
        """The subject is the first field of the message, the time its field `at`, if it has one."""
        return cls(
            event_id=new_id(),
            type=message.DESCRIPTOR.full_name,
            subject=subject_of(message),
            source=source,
            time=time_of(message),
            body=json_format.MessageToJson(message, indent=None, ensure_ascii=False),
            headers=_extras(message),
        )


@dataclass(frozen=True)
class Incoming:
    """An event as it came over the wire, its content not yet parsed."""

    type: str
    meta: Meta
    body: bytes
    replayed: bool = False


def subject_of(message: Message) -> str:
    """The id of the aggregate an event is about: by convention its first field."""
    name = message.DESCRIPTOR.fields[0].name
    subject = getattr(message, name)
    if not isinstance(subject, str) or not subject:
        raise ValueError(f"{message.DESCRIPTOR.full_name}.{name} does not name what it is about")
    return subject


def time_of(message: Message) -> datetime:
    if "at" in message.DESCRIPTOR.fields_by_name and message.HasField("at"):
        return moment(message.at)  # type: ignore[attr-defined]
    return system_clock()


def schema_of(contract: str) -> str:
    """A contract, by its path below proto/, as the URI that CloudEvents asks for."""
    return f"proto:{contract}"


def _extras(message: Message) -> dict[str, str]:
    extras = {"dataschema": schema_of(message.DESCRIPTOR.file.name)}
    if log.trace.get():
        extras["traceparent"] = log.trace.get()
    return extras


def properties(outgoing: Outgoing, sequence: int) -> dict[str, Any]:
    """AMQP 0-9-1 properties and headers of an event."""
    attributes = {
        "specversion": "1.0",
        "id": outgoing.event_id,
        "source": outgoing.source,
        "type": outgoing.type,
        "subject": outgoing.subject,
        "time": outgoing.time.astimezone(UTC).isoformat(),
        "sequence": f"{sequence:0{SEQUENCE_DIGITS}}",
        **outgoing.headers,
    }
    return {
        "message_id": outgoing.event_id,
        "type": outgoing.type,
        "app_id": outgoing.source,
        "timestamp": int(outgoing.time.timestamp()),
        "content_type": CONTENT_TYPE,
        "delivery_mode": 2,
        "application_headers": {PREFIX + name: value for name, value in attributes.items()},
    }


def read(headers: Mapping[str, Any], body: bytes | str) -> Incoming:
    """Raise Unreadable unless *headers* carry the attributes of an event."""
    attributes = {
        name.removeprefix(PREFIX): value
        for name, value in headers.items()
        if name.startswith(PREFIX)
    }
    try:
        return Incoming(
            type=str(attributes["type"]),
            meta=_meta(attributes),
            body=body.encode() if isinstance(body, str) else bytes(body),
            replayed=REPLAY in headers,
        )
    except (KeyError, ValueError, TypeError) as error:
        raise Unreadable(f"an attribute is missing or malformed: {error}") from error


def _meta(attributes: Mapping[str, Any]) -> Meta:
    time = datetime.fromisoformat(_text(attributes["time"]))
    sequence = int(_text(attributes["sequence"]))
    if time.tzinfo is None:
        raise ValueError("time has no offset")
    if not 0 <= sequence <= LARGEST_SEQUENCE:
        raise ValueError("sequence is no number of a row")
    return Meta(
        event_id=_text(attributes["id"]),
        subject=_text(attributes["subject"]),
        sequence=sequence,
        time=time,
        source=_text(attributes["source"]),
        traceparent=_text(attributes.get("traceparent", "")),
    )


def _text(value: object) -> str:
    """As it can be stored."""
    text = str(value)
    if "\0" in text:
        raise ValueError("a text with a zero character")
    text.encode()  # a UnicodeEncodeError is a ValueError
    return text


def parse(kind: type[M], incoming: Incoming) -> M:
    """Fields that *kind* does not know are passed over: contracts grow."""
    try:
        event = json_format.Parse(incoming.body, kind(), ignore_unknown_fields=True)
        about = subject_of(event)
    except (json_format.ParseError, ValueError, RecursionError) as error:
        raise Unreadable(f"the body is not a {kind.DESCRIPTOR.full_name}") from error
    if about != incoming.meta.subject:
        raise Unreadable("body and attributes are about different subjects")
    return event
