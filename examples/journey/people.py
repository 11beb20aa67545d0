"""Clients who do not exist, with identity numbers that could (GB 11643)."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
FAMILY_NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN_NAMES = ("安宁", "嘉禾", "思远", "若溪", "清扬", "知行", "明哲", "婉清")
PLACES = ("110101", "310104", "330106", "440305")


@dataclass(frozen=True)
class Client:
    name: str
    identity_number: str
    phone: str


def somebody(choice: random.Random) -> Client:
    """A grown-up under sixty."""
    born = date(1970, 1, 1) + timedelta(days=choice.randrange(20 * 365))
    first = f"{choice.choice(PLACES)}{born:%Y%m%d}{choice.randrange(1000):03d}"
    phone = f"1{choice.choice('3578')}{choice.randrange(10**9):09d}"
    name = choice.choice(FAMILY_NAMES) + choice.choice(GIVEN_NAMES)
    return Client(name, first + check_digit(first), phone)


def check_digit(first: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first, strict=True))
    return CHECK_DIGITS[total % 11]
