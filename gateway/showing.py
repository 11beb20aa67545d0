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
PartShown = tuple[str, str, Mapper]  # its name, its source, how it is shown


def mapper(schema: type[Schema]) -> Mapper:
    """How messages of this schema are shown."""
    declared = {str(name): field for name, field in schema().dump_fields.items()}
    sources = {name: str(field.attribute or name) for name, field in declared.items()}
    texts = [name for name, field in declared.items() if isinstance(field, Text)]
    parts = [
        (name, sources[name], mapper(type(field.schema)))
        for name, field in declared.items()
        if isinstance(field, Part)
    ]
    shows = [(name, show) for name, field in declared.items() if (show := _show(field))]
    return _mapper(_all_of(sources), texts, shows, parts)


def _mapper(
    values: Mapper, texts: list[str], shows: list[tuple[str, Show]], parts: list[PartShown]
) -> Mapper:
    """Loops in place of calls: this runs for every object of every list."""

    def shown(message: Any) -> dict[str, Any]:
        made = values(message)
        for name in texts:
            if not made[name]:
                made[name] = None
        for name, show in shows:
            made[name] = show(made[name])
        for name, source, part in parts:
            made[name] = part(made[name]) if message.HasField(source) else None
        return made

    return shown


def _all_of(sources: dict[str, str]) -> Mapper:
    """Every value as it is, by the name it is shown under."""
    names = list(sources)
    if len(names) == 1:
        only, read_one = names[0], attrgetter(sources[names[0]])
        return lambda message: {only: read_one(message)}
    read_all = attrgetter(*sources.values())
    return lambda message: dict(zip(names, read_all(message), strict=True))


def _show(field: fields.Field[Any]) -> Show | None:
    """None when the value is shown as it is."""
    if isinstance(field, Moment):
        return shown_moment
    if isinstance(field, Pairs):
        return dict
    if isinstance(field, Parts):
        return _each(mapper(type(field.inner.schema)))  # type: ignore[attr-defined]
    return list if isinstance(field, fields.List) else None


def _each(show: Mapper) -> Show:
    return lambda messages: [show(message) for message in messages]
