"""The one form in which names, phones and identity numbers are looked for, however written."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from services.customer.domain.contact import BETWEEN_CHINESE, DECORATION, normal_phone
from services.customer.domain.identity_number import OLD_SHAPE, upgrade

DOTS = re.compile("[•‧∙⋅・･․●]")  # all written for the 间隔号 in names such as 买买提·吐尔逊
NOT_OF_A_NUMBER = re.compile(r"[^0-9A-Z]")
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def plain(written: str) -> str:
    """Half width, one form of each character, nothing that cannot be seen."""
    return unicodedata.normalize("NFKC", UNSEEN.sub("", DOTS.sub("·", written)))


def searchable_name(written: str) -> str:
    """Any case, one space or none between Chinese characters."""
    name, before = written, None
    while name != before:  # folding a rare character can make another one to fold
        name, before = _folded(name), name
    return name


def _folded(name: str) -> str:
    return plain(BETWEEN_CHINESE.sub("", " ".join(plain(name).casefold().split())))


def searchable_phone(written: str) -> str:
    """Digits without +86, spaces and dashes; empty for what is no phone number."""
    told = DECORATION.sub("", plain(written)).lstrip("+")
    digits = normal_phone(told) or told
    return digits if digits.isascii() and digits.isdigit() else ""


def searchable_identity(written: str) -> str:
    """Upper-case, without spaces and dashes; fifteen digits as the eighteen they became."""
    number = NOT_OF_A_NUMBER.sub("", plain(written).upper())
    return upgrade(number) if OLD_SHAPE.fullmatch(number) else number


SEARCHABLE: Mapping[str, Callable[[str], str]] = {
    "name": searchable_name,
    "phone": searchable_phone,
    "identity": searchable_identity,
}
