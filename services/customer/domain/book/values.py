"""Identity numbers, names, phones, levels and the like, as a book's cells hold them."""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from services.customer.domain.book.cells import Cell, fold, is_blank, read_text, squeeze
from services.customer.domain.book.problems import (
    CUSTOMER_NUMBER_MISSING,
    CUSTOMER_NUMBER_UNREADABLE,
    IDENTITY_BIRTH_DATE,
    IDENTITY_CHECK_DIGIT,
    IDENTITY_KIND,
    IDENTITY_LOST_DIGITS,
    IDENTITY_MISSING,
    IDENTITY_REGION,
    IDENTITY_SHAPE,
    LEVEL_CONTRADICTS,
    LEVEL_UNREADABLE,
    NAME_MISSING,
    NAME_UNREADABLE,
    PHONE_SEVERAL,
    PHONE_UNREADABLE,
    PRODUCT_CODE_MISSING,
    PRODUCT_CODE_UNREADABLE,
    PRODUCT_LEVEL_UNREADABLE,
    SEX_UNREADABLE,
    Problem,
    Unclean,
)
from services.customer.domain.contact import normal_name, normal_phone
from services.customer.domain.identity_number import (
    Flaw,
    IdentityNumber,
    NotAnIdentityNumber,
    Sex,
    read_identity_number,
)

V = TypeVar("V")

CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,31}", re.ASCII)
LEVEL = re.compile(r"(?P<name>[^\WA-Za-z\d_]*)型?\(?(?P<code>C[1-5])?\)?", re.IGNORECASE)
LEVEL_NAMES = {"保守": "C1", "谨慎": "C2", "稳健": "C3", "积极": "C4", "激进": "C5", "进取": "C5"}
PRODUCT_LEVEL = re.compile(r"\w*?\(?(R[1-5])\)?", re.IGNORECASE)
SEXES = {
    "男": Sex.MALE,
    "男性": Sex.MALE,
    "M": Sex.MALE,
    "女": Sex.FEMALE,
    "女性": Sex.FEMALE,
    "F": Sex.FEMALE,
}
ID_CARDS = frozenset({"身份证", "居民身份证", "二代身份证", "第二代身份证", "中国居民身份证"})
SEPARATORS = re.compile(r"[;；,，、|/\s]+")
PHONE_SEPARATORS = re.compile(r"[;；,，、|/]+")
DUPLICATE_MARK = "重复录入"  # says how a row came about, not who the customer is
DIGITS_A_NUMBER_KEEPS = 15

FLAWS = {
    Flaw.SHAPE: IDENTITY_SHAPE,
    Flaw.CHECK_DIGIT: IDENTITY_CHECK_DIGIT,
    Flaw.REGION: IDENTITY_REGION,
    Flaw.BIRTH_DATE: IDENTITY_BIRTH_DATE,
}


def read_customer_number(cell: Cell) -> str:
    return _code(cell, CUSTOMER_NUMBER_MISSING, CUSTOMER_NUMBER_UNREADABLE)


def read_product_code(cell: Cell) -> str:
    return _code(cell, PRODUCT_CODE_MISSING, PRODUCT_CODE_UNREADABLE)


def _code(cell: Cell, missing: Problem, unreadable: Problem) -> str:
    if is_blank(cell):
        raise Unclean(missing)
    code = squeeze(cell).upper()
    if not CODE.fullmatch(code):
        raise Unclean(unreadable)
    return code


def read_identity(cell: Cell) -> IdentityNumber:
    if is_blank(cell):
        raise Unclean(IDENTITY_MISSING)
    if isinstance(cell, float) and len(squeeze(cell)) > DIGITS_A_NUMBER_KEEPS:
        raise Unclean(IDENTITY_LOST_DIGITS)
    try:
        return read_identity_number(squeeze(cell).replace("-", "").lstrip("'`"))
    except NotAnIdentityNumber as error:
        raise Unclean(FLAWS[error.flaw]) from None


def check_identity_kind(cell: Cell) -> None:
    """Nothing said means an identity card."""
    if not is_blank(cell) and squeeze(cell) not in ID_CARDS:
        raise Unclean(IDENTITY_KIND)


def read_name(cell: Cell) -> str:
    if is_blank(cell):
        raise Unclean(NAME_MISSING)
    name = None if isinstance(cell, float) else normal_name(fold(cell))
    if name is None:
        raise Unclean(NAME_UNREADABLE)
    return name


def read_phone(cell: Cell) -> str:
    """Empty for an empty cell; of several numbers none is taken silently."""
    if is_blank(cell):
        return ""
    phone = normal_phone(fold(cell))
    if phone is None:
        raise Unclean(PHONE_SEVERAL if first_phone(cell) else PHONE_UNREADABLE)
    return phone


def first_phone(cell: Cell) -> str:
    """The first number of a cell that holds several, or nothing."""
    written = PHONE_SEPARATORS.split(fold(cell))
    phones = filter(None, (normal_phone(part) for part in written))
    return next(phones, "") if len(written) > 1 else ""


def read_sex(cell: Cell) -> Sex | None:
    if is_blank(cell):
        return None
    sex = SEXES.get(squeeze(cell).upper())
    if sex is None:
        raise Unclean(SEX_UNREADABLE)
    return sex


def read_level(cell: Cell) -> str:
    """C1 to C5 from its code, its name or both; empty for an empty cell."""
    if is_blank(cell):
        return ""
    matched = LEVEL.fullmatch(squeeze(cell))
    named = LEVEL_NAMES.get(matched["name"].removesuffix("型"), "") if matched else ""
    coded = (matched["code"] or "").upper() if matched else ""
    if matched is None or not (named or coded) or (matched["name"] and not named):
        raise Unclean(LEVEL_UNREADABLE)
    if named and coded and named != coded:
        raise Unclean(LEVEL_CONTRADICTS)
    return coded or named


def read_tags(cell: Cell) -> tuple[str, ...]:
    """Each tag once, in the order written."""
    tags = (tag.strip() for tag in SEPARATORS.split(read_text(cell)))
    return tuple(dict.fromkeys(tag for tag in tags if tag and tag != DUPLICATE_MARK))


def marked_as_duplicate(cell: Cell) -> bool:
    return DUPLICATE_MARK in squeeze(cell)


def read_product_level(cell: Cell) -> str:
    if is_blank(cell):
        return ""
    matched = PRODUCT_LEVEL.fullmatch(squeeze(cell))
    if matched is None:
        raise Unclean(PRODUCT_LEVEL_UNREADABLE)
    return matched[1].upper()


def one_of(known: Mapping[str, V], problem: Problem) -> Callable[[Cell], V]:
    """A reader for a column that holds one of a few words."""

    def read(cell: Cell) -> V:
        value = known.get(squeeze(cell))
        if value is None:
            raise Unclean(problem)
        return value

    return read
