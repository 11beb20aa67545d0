"""Dates as people and spreadsheets write them."""

import re
from datetime import date, timedelta

from services.customer.domain.book.cells import Cell, is_blank, squeeze
from services.customer.domain.book.problems import (
    DATE_AMBIGUOUS,
    DATE_IMPLAUSIBLE,
    DATE_IMPOSSIBLE,
    DATE_UNREADABLE,
    Unclean,
)

SERIAL_ZERO = date(1899, 12, 30)  # so that serials after the phantom 1900-02-29 come out right
FIRST_SERIAL, LAST_SERIAL = 10_000, 73_050  # 1927 to 2099; smaller ones may as well be years
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)

YEAR_FIRST = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))"
    r"(?:T?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?",
    re.ASCII,
)
OTHER_ORDER = re.compile(r"\d{1,2}([-/.年])\d{1,2}([-/.月])\d{1,4}日?", re.ASCII)
NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
OPEN_ENDED = frozenset({"开放式", "开放", "无固定期限", "无期限", "永续", "长期", "终身"})


def read_date(cell: Cell) -> date | None:
    """A day, None for an empty cell; raise Unclean when it cannot be told for certain."""
    if is_blank(cell):
        return None
    found = cell if isinstance(cell, date) else _from_text(squeeze(cell))
    if not EARLIEST <= found <= LATEST:
        raise Unclean(DATE_IMPLAUSIBLE)
    return found


def read_maturity(cell: Cell) -> date | None:
    """As read_date; None also for a product without an end."""
    return None if squeeze(cell) in OPEN_ENDED else read_date(cell)


def _from_text(text: str) -> date:
    if matched := YEAR_FIRST.fullmatch(text):
        year, *rest = (int(part) for part in matched.group(1, 3, 4, 5, 6, 7, 8) if part)
        return _day(year, *rest)
    if NUMBER.fullmatch(text):
        return _from_serial(float(text))
    raise Unclean(DATE_AMBIGUOUS if OTHER_ORDER.fullmatch(text) else DATE_UNREADABLE)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unclean(DATE_IMPOSSIBLE) from None


def _from_serial(number: float) -> date:
    """Days since 1899-12-30, as spreadsheets count them."""
    if FIRST_SERIAL <= number <= LAST_SERIAL:
        return SERIAL_ZERO + timedelta(days=int(number))
    raise Unclean(DATE_AMBIGUOUS if number < FIRST_SERIAL else DATE_UNREADABLE)
