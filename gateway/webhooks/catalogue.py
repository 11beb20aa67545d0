"""Which events leave by webhook, and what of them, precomputed from catalogue.toml."""

import tomllib
from pathlib import Path
from typing import Any

import orjson

from chassis.envelope import Incoming, Unreadable

DATA = Path(__file__).with_name("catalogue.toml")
CATALOGUE: dict[str, frozenset[str]] = {
    event_type: frozenset(fields)
    for event_type, fields in tomllib.loads(DATA.read_text(encoding="utf-8")).items()
}
TYPES = tuple(sorted(CATALOGUE))
TEST = "liheng.gateway.v1.WebhookTested"  # sent when somebody asks for it, by nobody else


def payload(incoming: Incoming) -> str:
    """The body that is sent and signed. Raises Unreadable."""
    fields = CATALOGUE.get(incoming.type)
    if fields is None:
        raise Unreadable(f"{incoming.type} does not leave by webhook")
    try:
        event = orjson.loads(incoming.body)
        data = {name: value for name, value in event.items() if name in fields}
    except (orjson.JSONDecodeError, AttributeError) as error:
        raise Unreadable(f"the body is not a {incoming.type}") from error
    return written(incoming.type, incoming.meta.time, data)


def written(event_type: str, at: Any, data: dict[str, Any]) -> str:
    told = {"type": event_type, "timestamp": at, "data": data}
    return orjson.dumps(told, option=orjson.OPT_UTC_Z).decode()
