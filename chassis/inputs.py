"""Read what came over a border, or say which field is wrong and how to mend it."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TypeVar

from chassis.errors import Invalid

E = TypeVar("E", bound=Enum)

PLAIN_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
STORABLE = re.compile(r"-?\d{1,12}(\.\d{1,8}0*)?", re.ASCII)
PLAIN_DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,12})?", re.ASCII)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", re.ASCII)


def text(value: str, field: str, *, longest: int = 200) -> str:
    """Text that is there, without control characters, stripped."""
    stripped = optional_text(value, field, longest=longest)
    if not stripped:
        raise Invalid("missing", f"{field} is missing", f"缺少 {field}", field=field)
    return stripped


def optional_text(value: str, field: str, *, longest: int = 200) -> str:
    stripped = value.strip()
    if len(stripped) > longest:
        raise Invalid(
            "too_long",
            f"{field} is longer than {longest} characters",
            f"{field} 超过 {longest} 个字符",
            field=field,
        )
    if CONTROL.search(stripped):
        raise Invalid(
            "control_character",
            f"{field} contains a control character",
            f"{field} 含有控制字符",
            field=field,
        )
    return stripped


def identifier(value: str, field: str) -> str:
    """An id: up to 64 letters, digits, dots, dashes, colons or underscores."""
    if not value:
        raise Invalid("missing", f"{field} is missing", f"缺少 {field}", field=field)
    if not IDENTIFIER.fullmatch(value):
        raise Invalid(
            "not_an_identifier",
            f"{field} is not an identifier",
            f"{field} 不是有效的标识",
            field=field,
        )
    return value


def decimal(value: str, field: str) -> Decimal:
    """A plain decimal such as 1234.50; no exponent, no separators, no negative zero."""
    try:
        if PLAIN_DECIMAL.fullmatch(value):
            return Decimal(value) or Decimal(0)
    except InvalidOperation:
        pass
    raise Invalid(
        "not_a_decimal",
        f"{field} is not a decimal such as 1234.50",
        f"{field} 不是数字，应如 1234.50",
        field=field,
    )


def storable(value: str, field: str) -> Decimal:
    """A decimal that is kept as it was sent: units of shares, and what one of them is worth."""
    number = decimal(value, field)
    if not STORABLE.fullmatch(value):
        raise Invalid(
            "too_many_digits",
            f"{field} has at most 12 digits before the point and 8 after it",
            f"{field} 整数部分最多 12 位，小数部分最多 8 位",
            field=field,
        )
    return number


def amount(value: str, field: str) -> Decimal:
    """Money above zero, in whole cents."""
    money = decimal(value, field)
    if money <= 0 or money != money.quantize(Decimal("0.01")):
        raise Invalid(
            "not_an_amount",
            f"{field} must be above zero and in whole cents",
            f"{field} 必须大于零且精确到分",
            field=field,
        )
    return money


def day(value: str, field: str) -> date:
    """A date such as 2026-11-23."""
    try:
        if PLAIN_DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Invalid(
        "not_a_date",
        f"{field} is not a date such as 2026-11-23",
        f"{field} 不是日期，应如 2026-11-23",
        field=field,
    )


def choice(kind: type[E], value: str, field: str) -> E:
    """One of the values of an enumeration."""
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(str(member.value) for member in kind)
        raise Invalid(
            "not_a_choice",
            f"{field} must be one of: {known}",
            f"{field} 只能是：{known}",
            field=field,
        ) from None
