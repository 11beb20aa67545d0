"""Amounts as people and spreadsheets write them; exact, never a binary fraction."""

import re
from decimal import ROUND_HALF_UP, Decimal

from services.customer.domain.book.cells import Cell, is_blank, squeeze
from services.customer.domain.book.problems import (
    AMOUNT_IMPLAUSIBLE,
    AMOUNT_NEGATIVE,
    AMOUNT_UNREADABLE,
    Unclean,
)

CENT = Decimal("0.01")
LARGEST = Decimal(10) ** 14

WRITTEN = re.compile(
    r"(?P<sign>[-(−]?)(?:¥|RMB|CNY|人民币)?(?P<minus>[-−]?)"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)(?P<exponent>E[+]?\d{1,2})?"
    r"(?P<unit>千万|百万|十万|亿|万|千|W)?(?:元|RMB|CNY|人民币|份)?\)?",
    re.ASCII | re.IGNORECASE,
)
UNITS = {
    "千": Decimal(10) ** 3,
    "万": Decimal(10) ** 4,
    "w": Decimal(10) ** 4,
    "十万": Decimal(10) ** 5,
    "百万": Decimal(10) ** 6,
    "千万": Decimal(10) ** 7,
    "亿": Decimal(10) ** 8,
}
ONE = Decimal(1)


def read_amount(cell: Cell, unit: Decimal = ONE) -> Decimal | None:
    """CNY or units, None for an empty cell; *unit* is what the column's title says it counts in.

    Raise Unclean for what is no amount, is below zero or is beyond belief.
    """
    if is_blank(cell):
        return None
    matched = WRITTEN.fullmatch(squeeze(cell))
    if matched is None:
        raise Unclean(AMOUNT_UNREADABLE)
    amount = _value(matched) * (unit if not matched["unit"] else ONE)
    if amount and (matched["sign"] or matched["minus"]):
        raise Unclean(AMOUNT_NEGATIVE)
    if amount >= LARGEST:
        raise Unclean(AMOUNT_IMPLAUSIBLE)
    return amount


def _value(matched: re.Match[str]) -> Decimal:
    number = Decimal(matched["number"].replace(",", "") + (matched["exponent"] or ""))
    return number * UNITS.get((matched["unit"] or "").lower(), ONE)


def to_cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
