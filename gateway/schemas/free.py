"""Objects whose names are data: what may be in them is known to a service, which checks it."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas.taken import Flag, Id, optional, speaks
from gateway.sentences import Sentence


class Free(fields.Dict):
    """An object whose parts the service knows and checks."""

    default_error_messages = speaks(invalid=Sentence("Must be a JSON object", "必须是 JSON 对象"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(keys=fields.String(), **optional(kwargs))


class Values(Free):
    """JSON values by name."""


class Switches(fields.Dict):
    """On or off, by name."""

    default_error_messages = speaks(invalid=Sentence("Must be a JSON object", "必须是 JSON 对象"))

    def __init__(self, *, most: int = 500, **kwargs: Any) -> None:
        error = Sentence("Must hold {min} to {max} entries", "须有 {min} 到 {max} 项")
        kwargs.setdefault("validate", validate.Length(0, most, error=error))
        super().__init__(keys=Id(required=True), values=Flag(required=True), **optional(kwargs))
