"""Resident identity numbers (GB 11643): check digit, birth date, sex."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SHAPE = re.compile(r"\d{17}[\dX]", re.ASCII)
OLD_SHAPE = re.compile(r"\d{15}", re.ASCII)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
EARLIEST_BIRTH = date(1850, 1, 1)

PROVINCES = frozenset(
    [
        *range(11, 16),
        *range(21, 24),
        *range(31, 38),
        *range(41, 47),
        *range(50, 55),
        *range(61, 66),
        *(71, 81, 82, 83),
    ]
)


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Flaw(StrEnum):
    """Why something is not an identity number."""

    SHAPE = "shape"
    CHECK_DIGIT = "check_digit"
    REGION = "region"
    BIRTH_DATE = "birth_date"


class NotAnIdentityNumber(Exception):
    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


@dataclass(frozen=True)
class IdentityNumber:
    """Eighteen characters that were checked."""

    number: str

    @property
    def born_on(self) -> date:
        return date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))

    @property
    def sex(self) -> Sex:
        return Sex.MALE if int(self.number[16]) % 2 else Sex.FEMALE


def read_identity_number(written: str) -> IdentityNumber:
    """Upper-case, spaces removed, old ones upgraded; raise NotAnIdentityNumber."""
    number = "".join(written.split()).upper()
    if OLD_SHAPE.fullmatch(number):
        number = upgrade(number)
    if not SHAPE.fullmatch(number):
        raise NotAnIdentityNumber(Flaw.SHAPE)
    if number[17] != check_digit(number):
        raise NotAnIdentityNumber(Flaw.CHECK_DIGIT)
    if int(number[:2]) not in PROVINCES:
        raise NotAnIdentityNumber(Flaw.REGION)
    if not _has_birth_date(number):
        raise NotAnIdentityNumber(Flaw.BIRTH_DATE)
    return IdentityNumber(number)


def upgrade(old: str) -> str:
    """Fifteen digits as given out before 1999, whose holders were born in 19xx."""
    body = f"{old[:6]}19{old[6:]}"
    return body + check_digit(body)


def check_digit(number: str) -> str:
    """ISO 7064 MOD 11-2 over the first seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return CHECK_DIGITS[total % 11]


def _has_birth_date(number: str) -> bool:
    try:
        return IdentityNumber(number).born_on >= EARLIEST_BIRTH
    except ValueError:
        return False
