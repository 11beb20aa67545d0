"""The kinds of value a fact may have, how each is read, and how each is written down."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

PLAIN_DECIMAL = re.compile(r"\d{1,16}(\.\d{1,8})?", re.ASCII)
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOST_YEARS = 200
MOST_DAYS = 1000  # of a list of dates
CALENDAR = range(1900, 2200)  # years; a period added to a day of them is a day


class Level(str):
    """A level of risk, R1–R5 or C1–C5; ordered by its number, so that R3 is above C2."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return self[1] < other[1]

    def __le__(self, other: str) -> bool:
        return self[1] <= other[1]

    def __gt__(self, other: str) -> bool:
        return self[1] > other[1]

    def __ge__(self, other: str) -> bool:
        return self[1] >= other[1]


class Unreadable(ValueError):
    """Says what was expected, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh


@dataclass(frozen=True)
class Kind:
    """A kind of value: *read* turns JSON into the value or raises Unreadable."""

    name: str
    read: Callable[[object], object]
    choices: tuple[str, ...] = ()


def _amount(raw: object) -> Decimal:
    if isinstance(raw, str) and PLAIN_DECIMAL.fullmatch(raw):
        return Decimal(raw)
    raise Unreadable(
        'must be a decimal string in CNY, zero or more, such as "300000.00"',
        '必须是不小于零的人民币十进制字符串，例如 "300000.00"',
    )


def _positive(raw: object) -> Decimal:
    amount = _amount(raw)
    if amount > 0:
        return amount
    raise Unreadable("must be above zero", "必须大于零")


def _years(raw: object) -> int | float:
    if isinstance(raw, int | float) and not isinstance(raw, bool) and 0 <= raw <= MOST_YEARS:
        return int(raw) if raw == int(raw) else raw
    raise Unreadable(f"must be a number from 0 to {MOST_YEARS}", f"必须是 0 至 {MOST_YEARS} 的数")


def _count(raw: object) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < 10**9:
        return raw
    raise Unreadable("must be a whole number, zero or more", "必须是不小于零的整数")


def _flag(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    raise Unreadable("must be true or false", "必须是 true 或 false")


def _day(raw: object) -> date:
    if isinstance(raw, str) and ISO_DAY.fullmatch(raw):
        try:
            day = date.fromisoformat(raw)
        except ValueError:
            day = date.min
        if day.year in CALENDAR:
            return day
    raise Unreadable("must be a date such as 2026-11-01", "必须是日期，例如 2026-11-01")


def _days(raw: object) -> tuple[date, ...]:
    if isinstance(raw, list) and len(raw) <= MOST_DAYS:
        return tuple(sorted(_day(item) for item in raw))
    raise Unreadable(
        f"must be a list of at most {MOST_DAYS} dates", f"必须是日期列表，最多 {MOST_DAYS} 个"
    )


def choice(*choices: str) -> Kind:
    def read(raw: object) -> str:
        if isinstance(raw, str) and raw in choices:
            return raw
        known = ", ".join(choices)
        raise Unreadable(f"must be one of: {known}", f"只能是：{known}")

    return Kind("choice", read, choices)


def choices(*known: str) -> Kind:
    one = choice(*known).read

    def read(raw: object) -> tuple[object, ...]:
        if isinstance(raw, list):
            return tuple(sorted({str(one(item)) for item in raw}))
        names = ", ".join(known)
        raise Unreadable(f"must be a list of: {names}", f"必须是列表，可含：{names}")

    return Kind("choices", read, known)


def level(letter: str) -> Kind:
    names = tuple(f"{letter}{rank}" for rank in range(1, 6))
    one = choice(*names).read
    return Kind("level", lambda raw: Level(str(one(raw))), names)


AMOUNT = Kind("amount", _amount)
POSITIVE = Kind("amount", _positive)
YEARS = Kind("number", _years)
COUNT = Kind("number", _count)
FLAG = Kind("flag", _flag)
DAY = Kind("day", _day)
DAYS = Kind("days", _days)


def written(value: object) -> object:
    """The one way a value is written in JSON, so that equal facts have equal digests."""
    write = WRITERS.get(type(value))
    return write(value) if write else value


def plain(value: Decimal) -> str:
    """Without exponent and without trailing zeros."""
    text = str(value)
    if "E" in text:
        text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


WRITERS: dict[type, Callable[[Any], object]] = {
    Decimal: plain,
    date: date.isoformat,
    datetime: datetime.isoformat,
    tuple: lambda items: [written(item) for item in items],
    Level: str,
}
