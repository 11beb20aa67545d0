"""Fields that the API hands on as they came: the service that knows them says what is wrong."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas import taken
from gateway.sentences import Sentence


class LongText(fields.String):
    """Text that is only looked at, however it is written; nothing of it is kept."""

    default_error_messages = taken.Text.default_error_messages

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        sizes = validate.Length(0, longest, error=taken.TOO_LONG)
        super().__init__(validate=sizes, **taken.optional(kwargs))


class Facts(fields.Dict):
    """JSON by name; the service that knows the facts says what is wrong with them."""

    default_error_messages = taken.speaks(
        invalid=Sentence("Must be a JSON object", "必须是 JSON 对象")
    )

    def __init__(self, description: str, **kwargs: Any) -> None:
        super().__init__(metadata={"description": description}, **taken.optional(kwargs))
