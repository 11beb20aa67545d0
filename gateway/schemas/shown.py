"""The kinds of field the API shows: always present, null when nothing is known."""

from datetime import datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from marshmallow import Schema, fields

from chassis.moments import moment


class Shown(Schema):
    """Shows what it declares."""


class Id(fields.String):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=True, **kwargs)


class Text(fields.String):
    """Services send empty text for what is not known."""

    def __init__(self, description: str = "", **kwargs: Any) -> None:
        metadata = {"description": description} if description else {}
        super().__init__(required=True, allow_none=True, metadata=metadata, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return value or None


class Amount(Text):
    """A decimal string; money is in CNY."""


class Day(Text):
    """A plain date."""


class Count(fields.Integer):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=True, **kwargs)


class Flag(fields.Boolean):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=True, **kwargs)


class Moment(fields.Field[Any]):
    """RFC 3339 in UTC; null when it has not come."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=True, allow_none=True, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> datetime | None:
        return shown_moment(value)


def shown_moment(value: Timestamp) -> datetime | None:
    return moment(value) if value.seconds else None


class Part(fields.Nested):
    """An object inside; null when the service did not send it."""

    def __init__(self, schema: type[Schema], **kwargs: Any) -> None:
        super().__init__(schema, required=True, allow_none=True, **kwargs)

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **kwargs: Any) -> Any:
        if not obj.HasField(self.attribute or attr):
            return None
        return super().serialize(attr, obj, accessor, **kwargs)


class Parts(fields.List[Any]):
    """Objects inside, as many as there are."""

    def __init__(self, schema: type[Schema], **kwargs: Any) -> None:
        super().__init__(fields.Nested(schema), required=True, **kwargs)


class Words(fields.List[Any]):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields.String(), required=True, **kwargs)


class Pairs(fields.Dict):
    """Text by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(keys=fields.String(), values=fields.String(), required=True, **kwargs)


def page_of(schema: type[Schema], source: str, **more: fields.Field[Any]) -> type[Schema]:
    """A list as the API answers it: the items, and the cursor of the next page or null."""
    declared: dict[str, fields.Field[Any]] = {
        "items": Parts(schema, attribute=source),
        "next": Text("the cursor of the next page", attribute="next_cursor"),
        **more,
    }
    return Shown.from_dict(declared, name=f"{schema.__name__}Page")


def all_of(schema: type[Schema], source: str, **more: fields.Field[Any]) -> type[Schema]:
    """A list that is never cut into pages."""
    declared = {"items": Parts(schema, attribute=source), **more}
    return Shown.from_dict(declared, name=f"{schema.__name__}List")
