"""docs/events.md: every event, who announces it, who listens, its fields and an example."""

import json
from collections.abc import Iterator, Mapping, Sequence

from proto.catalogue import TIMESTAMP, Catalogue, Event, Field, Message
from proto.examples import body

HEAD = """\
# Events

<!-- Written by `make proto`; change proto/, not this page. -->

What each service announces on its exchange `liheng.<service>.events`. The routing key is the full
name of the event. How events travel, what their attributes are and what is promised:
[delivery.md](delivery.md). The same for machines: [asyncapi.json](../proto/asyncapi.json).

Bodies are canonical protobuf JSON: a field with its default value (empty, zero, false) is left
out. Pass over fields you do not know.
"""


def page(catalogue: Catalogue, listeners: Mapping[str, Sequence[str]]) -> str:
    services = dict.fromkeys(event.service for event in catalogue.events)
    index = [
        f"- [{service}](#{service}): "
        + ", ".join(f"[{e.message.name}](#{_anchor(e)})" for e in _of(catalogue, service))
        for service in services
    ]
    parts = [HEAD, "\n".join(index), *(_service(catalogue, s, listeners) for s in services)]
    return "\n".join(parts) + "\n" + _shared(catalogue)


def _of(catalogue: Catalogue, service: str) -> list[Event]:
    return [event for event in catalogue.events if event.service == service]


def _anchor(event: Event) -> str:
    return event.type.lower().replace(".", "")


def _service(catalogue: Catalogue, service: str, listeners: Mapping[str, Sequence[str]]) -> str:
    events = (_event(catalogue, event, listeners) for event in _of(catalogue, service))
    return f"\n## {service}\n\n" + "\n".join(events).rstrip("\n")


def _event(catalogue: Catalogue, event: Event, listeners: Mapping[str, Sequence[str]]) -> str:
    heard = ", ".join(listeners.get(event.type, ())) or "nobody in the suite"
    said = f"{event.message.said}\n\n" if event.message.said else ""
    example = json.dumps(body(catalogue, event), ensure_ascii=False, indent=2)
    return (
        f"### {event.type}\n\n{said}Heard by: {heard}.\n\n"
        + "\n".join(_fields(event.message))
        + f"\n\n```json\n{example}\n```\n"
    )


def _fields(message: Message) -> Iterator[str]:
    yield "| field | is | what it says |"
    yield "|---|---|---|"
    for field in message.fields:
        yield f"| `{field.json_name}` | {_kind(message, field)} | {field.said} |"


def _kind(message: Message, field: Field) -> str:
    if field.name in message.maps:
        return "map of texts"
    kind = {"string": "text", "bool": "true or false", TIMESTAMP: "moment"}.get(field.kind)
    if kind is None:
        kind = field.kind if "." not in field.kind else _link(field.kind)
    return f"list of {kind}" if field.repeated else kind


def _link(full_name: str) -> str:
    return f"[{full_name.rpartition('.')[2]}](#{full_name.lower().replace('.', '')})"


def _shared(catalogue: Catalogue) -> str:
    """Messages that are parts of events."""
    events = {event.type for event in catalogue.events}
    parts = [
        f"### {name}\n\n"
        + (f"{message.said}\n\n" if message.said else "")
        + "\n".join(_fields(message))
        + "\n"
        for name, message in sorted(catalogue.messages.items())
        if name not in events and not name.startswith("google.")
    ]
    return "\n## Parts of events\n\n" + "\n".join(parts)
