"""The kinds of field the API takes, each complaining in both languages."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from chassis.moments import stamp
from gateway.sentences import Sentence

IDENTIFIER = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$"
DECIMAL = r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$"
DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
DIGITS = r"^[0-9]{1,6}$"
DIGEST = r"^[0-9a-f]{64}$"
CONTROL_FREE = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
TOO_LONG = Sentence("Must be {min} to {max} characters", "须为 {min} 到 {max} 个字符")
NOT_BLANK = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f\u3000][^\x00-\x08\x0b-\x1f\x7f]*$"

LONGEST = 4096  # characters of any text

COMMON: dict[str, str] = {
    "required": Sentence("Missing", "缺少此项"),
    "null": Sentence("Must not be null", "不能为 null"),
    "validator_failed": Sentence("Not valid", "无效"),
    "invalid": Sentence("Not valid", "无效"),
    "type": Sentence("Must be a JSON object", "必须是 JSON 对象"),
    "unknown": Sentence("Not a known field", "未知字段"),
}


def optional(declared: dict[str, Any]) -> dict[str, Any]:
    """Null means not known, as in answers: the same as leaving the field out."""
    return {"allow_none": not declared.get("required"), **declared}


def speaks(**messages: Sentence) -> dict[str, Any]:
    return {**COMMON, **messages}


class Strict(Schema):
    """Takes what it declares and refuses the rest by name."""

    error_messages = COMMON

    class Meta:
        unknown = RAISE


class Whole(validate.Regexp):
    """The whole text fits, a line break at its end included.

    Some patterns take time that grows with the square of a text; nothing we take is so long.
    """

    def __call__(self, value: Any) -> Any:
        if len(value) > LONGEST or self.regex.fullmatch(value) is None:
            raise ValidationError(self.error)
        return value


class Text(fields.String):
    """Text without control characters."""

    default_error_messages = speaks(
        invalid=Sentence("Must be text", "必须是文本"),
        invalid_utf8=Sentence("Must be UTF-8 text", "必须是 UTF-8 文本"),
    )
    pattern = CONTROL_FREE
    complaint = Sentence("Contains a control character", "含有控制字符")
    longest: int | None = 200  # characters; None where the pattern says it
    shortest = 0

    def __init__(self, *, longest: int | None = None, **kwargs: Any) -> None:
        super().__init__(**optional(kwargs))
        most = longest or self.longest
        sizes = [validate.Length(self.shortest, most, error=TOO_LONG)] if most else []
        self.validators = [*sizes, Whole(self.pattern, error=self.complaint), *self.validators]


class Name(Text):
    """Text that must say something."""

    shortest = 1
    pattern = NOT_BLANK
    complaint = Sentence(
        "Must not be blank or contain control characters", "不能为空白或含有控制字符"
    )


class Id(Text):
    pattern = IDENTIFIER
    longest = None
    complaint = Sentence(
        "Must be an identifier: letters, digits, dots, dashes, colons, underscores",
        "必须是标识：字母、数字、点、短横、冒号、下划线",
    )


class Amount(Text):
    """A decimal string; money is in CNY."""

    pattern = DECIMAL
    longest = None
    complaint = Sentence("Must be a decimal string such as 1234.50", "必须是小数文本，如 1234.50")


class Day(Text):
    pattern = DAY
    longest = None
    complaint = Sentence("Must be a date such as 2026-11-23", "必须是日期，如 2026-11-23")


class Month(Text):
    pattern = MONTH
    longest = None
    complaint = Sentence("Must be a month such as 2026-11", "必须是月份，如 2026-11")


class Digest(Text):
    pattern = DIGEST
    longest = None
    complaint = Sentence("Must be a SHA-256 in lower-case hex", "必须是小写十六进制的 SHA-256")


class Digits(Text):
    """A whole number the services keep as text."""

    pattern = DIGITS
    longest = None
    complaint = Sentence("Must be a whole number in digits", "必须是整数数字")


class Version(Text):
    """The entity tag of the version that was read; becomes its number."""

    pattern = r'^"[1-9][0-9]{0,8}(?:-[0-9a-f]{16})?"$'
    longest = None
    complaint = Sentence('Must be an entity tag such as "3"', '必须是实体标签，如 "3"')

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        tag = super().deserialize(value, *args, **kwargs)
        return int(tag.strip('"').partition("-")[0]) if isinstance(tag, str) else tag


class IdempotencyKey(Text):
    """Bare, or in double quotes as structured headers write text; becomes the bare key."""

    pattern = r'^(?:[A-Za-z0-9._~:+/=-]{8,128}|"[A-Za-z0-9._~:+/=-]{8,128}")$'
    longest = None
    complaint = Sentence(
        "Must be 8 to 128 letters, digits and . _ ~ : + / = -, such as a new UUID",
        "须为 8 到 128 个字母、数字或 . _ ~ : + / = -，例如新的 UUID",
    )

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        key = super().deserialize(value, *args, **kwargs)
        return key.strip('"') if isinstance(key, str) else key


class EntityTags(Text):
    """The entity tags that are known already, or * for any."""

    pattern = r'^(?:\*|(?:W/)?"[!#-~]{0,100}"(?:, ?(?:W/)?"[!#-~]{0,100}"){0,9})$'
    longest = 1000
    complaint = Sentence("Must be entity tags", "必须是实体标签")


class Choice(Text):
    """One of a few words."""

    def __init__(self, *words: str, **kwargs: Any) -> None:
        error = Sentence("Must be one of: {choices}", "只能是：{choices}")
        super().__init__(validate=validate.OneOf(words, error=error), **kwargs)


class Said(Choice):
    """A truth value in a query."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("true", "false", **kwargs)

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        said = super().deserialize(value, *args, **kwargs)
        return said == "true" if isinstance(said, str) else said


class Count(fields.Integer):
    default_error_messages = speaks(
        invalid=Sentence("Must be a whole number", "必须是整数"),
        too_large=Sentence("Too large", "数值过大"),
    )

    def __init__(self, least: int = 0, most: int = 2**31 - 1, **kwargs: Any) -> None:
        error = Sentence("Must be from {min} to {max}", "须在 {min} 到 {max} 之间")
        super().__init__(
            strict=kwargs.pop("strict", True),
            validate=validate.Range(least, most, error=error),
            **optional(kwargs),
        )


class Flag(fields.Boolean):
    default_error_messages = speaks(
        invalid=Sentence("Must be true or false", "必须是 true 或 false")
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(truthy={True}, falsy={False}, **optional(kwargs))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Moment(fields.Field[Any]):
    """A moment with its offset, RFC 3339."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**optional(kwargs))

    default_error_messages = speaks(
        invalid=Sentence(
            "Must be a moment such as 2026-11-23T08:00:00Z", "必须是时间，如 2026-11-23T08:00:00Z"
        )
    )

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Timestamp | None:
        try:
            at = datetime.fromisoformat(value)
            if at.tzinfo is not None:
                return stamp(at.astimezone(UTC))
        except (TypeError, ValueError, OverflowError):
            pass
        raise self.make_error("invalid", input=value)


class Part(fields.Nested):
    """An object inside."""

    default_error_messages = speaks()

    def __init__(self, schema: type[Schema], **kwargs: Any) -> None:
        super().__init__(schema, unknown=RAISE, **optional(kwargs))


class Parts(fields.List[Any]):
    """Objects inside, as many as there are."""

    default_error_messages = speaks(invalid=Sentence("Must be a list", "必须是列表"))

    def __init__(self, schema: type[Schema], *, most: int = 1000, **kwargs: Any) -> None:
        error = Sentence("Must hold {min} to {max} entries", "须有 {min} 到 {max} 项")
        kwargs.setdefault("validate", validate.Length(0, most, error=error))
        super().__init__(Part(schema, required=True), **optional(kwargs))


class Words(fields.List[Any]):
    default_error_messages = speaks(invalid=Sentence("Must be a list", "必须是列表"))

    def __init__(
        self, word: fields.String | None = None, *, least: int = 0, most: int = 50, **kwargs: Any
    ) -> None:
        error = Sentence("Must hold {min} to {max} entries", "须有 {min} 到 {max} 项")
        kwargs.setdefault("validate", validate.Length(least, most, error=error))
        super().__init__(word or Name(required=True), **optional(kwargs))


class Pairs(fields.Dict):
    """Text by name."""

    default_error_messages = speaks(invalid=Sentence("Must be a JSON object", "必须是 JSON 对象"))

    def __init__(self, *, most: int = 100, **kwargs: Any) -> None:
        error = Sentence("Must hold {min} to {max} entries", "须有 {min} 到 {max} 项")
        kwargs.setdefault("validate", validate.Length(0, most, error=error))
        super().__init__(
            keys=Name(longest=100, required=True), values=Text(required=True), **optional(kwargs)
        )
