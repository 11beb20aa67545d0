"""Phone numbers and names in the one form they are kept and searched in."""

import re

MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}", re.ASCII)
DECORATION = re.compile(r"[\s\-–—().·]+")
COUNTRY = re.compile(r"^(?:\+|00)?86(?=1\d{10}$|0?[1-9]\d{9,10}$)", re.ASCII)
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

CHINESE = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
BETWEEN_CHINESE = re.compile(rf"(?<=[{CHINESE}·]) +(?=[{CHINESE}·])")
NAME_STARTS = re.compile(r"[^\W\d_]|[\d(]")


def normal_phone(written: str) -> str | None:
    """Digits only, without the country code; None when it is no mainland number."""
    digits = COUNTRY.sub("", DECORATION.sub("", written.translate(FULL_WIDTH)))
    return digits if MOBILE.fullmatch(digits) or LANDLINE.fullmatch(digits) else None


def normal_name(written: str) -> str | None:
    """No spaces between Chinese characters, single ones elsewhere; None when it is no name."""
    name = BETWEEN_CHINESE.sub("", " ".join(written.split()))
    plausible = NAME_STARTS.match(name) and any(c.isalpha() for c in name) and len(name) <= 100
    return name if plausible else None
