"""Protobuf messages as the JSON values a schema describes, without marshmallow's cost per value.

A mapper is compiled once per schema, as dataclasses compile their methods: one dictionary display
instead of a loop over fields. It shows exactly what `Schema().dump` shows; a test holds the two
equal.
"""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields

from gateway.schemas.shown import Moment, Pairs, Part, Parts, Text, shown_moment

Mapper = Callable[[Any], dict[str, Any]]


def mapper(schema: type[Schema]) -> Mapper:
    """How messages of this schema are shown."""
    known: dict[str, Any] = {"moment": shown_moment}
    pairs = [
        f"{name!r}: {_expression(field, field.attribute or name, known)}"
        for name, field in schema().dump_fields.items()
    ]
    source = f"lambda message: {{{', '.join(pairs)}}}"
    made: Mapper = eval(source, known)  # noqa: S307  only names of our own schemas are in it
    return made


def _expression(field: fields.Field[Any], source: str, known: dict[str, Any]) -> str:
    """How one value is read; *known* gathers what the expression calls."""
    value = f"message.{source}"
    if isinstance(field, Text):
        return f"{value} or None"
    if isinstance(field, Moment):
        return f"moment({value})"
    if isinstance(field, Pairs):
        return f"dict({value})"
    if isinstance(field, Part):
        part = _named(mapper(type(field.schema)), known)
        return f"{part}({value}) if message.HasField({source!r}) else None"
    if isinstance(field, Parts):
        part = _named(mapper(type(field.inner.schema)), known)  # type: ignore[attr-defined]
        return f"[{part}(each) for each in {value}]"
    return f"list({value})" if isinstance(field, fields.List) else value


def _named(part: Mapper, known: dict[str, Any]) -> str:
    name = f"part_{len(known)}"
    known[name] = part
    return name
