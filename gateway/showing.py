"""Protobuf messages as the JSON values a schema describes, without marshmallow's cost per value.

A mapper is made once per schema. It shows exactly what `Schema().dump` shows; a test holds
the two equal.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from marshmallow import Schema, fields

from gateway.schemas.shown import Moment, Pairs, Part, Parts, Text, shown_moment

Mapper = Callable[[Any], dict[str, Any]]
Show = Callable[[Any], Any]


def mapper(schema: type[Schema]) -> Mapper:
    """How messages of this schema are shown."""
    declared = list(schema().dump_fields.values())
    names = [str(field.data_key or field.name) for field in declared]
    sources = [str(field.attribute or field.name) for field in declared]
    parts = [
        (name, source, mapper(_inside(field)))
        for name, source, field in zip(names, sources, declared, strict=True)
        if isinstance(field, Part)
    ]
    shows = [
        (name, show)
        for name, field in zip(names, declared, strict=True)
        if (show := _show(field)) is not None
    ]
    return _mapper(names, _all_of(sources), parts, shows)


def _mapper(
    names: list[str],
    values: Callable[[Any], tuple[Any, ...]],
    parts: list[tuple[str, str, Mapper]],
    shows: list[tuple[str, Show]],
) -> Mapper:
    def shown(message: Any) -> dict[str, Any]:
        made = dict(zip(names, values(message), strict=True))
        for name, show in shows:
            made[name] = show(made[name])
        for name, source, part in parts:
            made[name] = part(made[name]) if message.HasField(source) else None
        return made

    return shown


def _all_of(sources: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(sources) == 1:
        only = attrgetter(sources[0])
        return lambda message: (only(message),)
    return attrgetter(*sources)


def _inside(field: Part) -> type[Schema]:
    return type(field.schema)


def _show(field: fields.Field[Any]) -> Show | None:
    """None when the value is shown as it is."""
    if isinstance(field, Text):
        return _or_null
    if isinstance(field, Moment):
        return shown_moment
    if isinstance(field, Pairs):
        return dict
    if isinstance(field, Parts):
        return _each(mapper(type(field.inner.schema)))  # type: ignore[attr-defined]
    return list if isinstance(field, fields.List) else None


def _or_null(text: str) -> str | None:
    return text or None


def _each(show: Mapper) -> Show:
    return lambda messages: [show(message) for message in messages]
