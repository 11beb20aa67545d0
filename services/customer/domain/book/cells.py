"""What a spreadsheet's cells hold, and text without the traces of typing and copying."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from services.customer.domain.book.problems import FORMULA, TOO_LONG, Unclean

Cell = str | float | date  # an empty cell is ""
Grid = Sequence[Sequence[Cell]]
Workbook = Mapping[str, Grid]  # sheets by title; the first row of a grid is row 1

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
FOLD = FULL_WIDTH | {0x3000: " ", 0xA0: " ", 0xFFE5: "¥"}
INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
SPACES = re.compile(r"\s+")
FORMULA_STARTS = ("=", "+", "-", "@")

BLANKS = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "空", "暂无", "未知", "n/a", "na", "null"}
)
LONGEST = 500
LONGEST_BLANK = 40  # a cell of more characters says something


def fold(cell: Cell) -> str:
    """The cell as text: narrow letters, no invisible characters, single spaces."""
    if isinstance(cell, float):
        return plain_number(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if cell.isascii() and cell.isprintable() and " " not in cell:
        return cell
    return SPACES.sub(" ", INVISIBLE.sub("", cell.translate(FOLD))).strip()


def squeeze(cell: Cell) -> str:
    """The cell as text without any space."""
    return fold(cell).replace(" ", "")


def plain_number(number: float) -> str:
    """A number as the spreadsheet shows it: fifteen significant digits, no exponent."""
    text = f"{number:.15g}"
    if "e" in text:
        text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_blank(cell: Cell) -> bool:
    """Empty, or one of the ways of writing that there is nothing."""
    if not isinstance(cell, str):
        return False
    return not cell or (len(cell) < LONGEST_BLANK and squeeze(cell).lower() in BLANKS)


def read_text(cell: Cell) -> str:
    """Free text; raise Unclean for a formula or for more than anybody types."""
    text = "" if is_blank(cell) else fold(cell)
    if len(text) > LONGEST:
        raise Unclean(TOO_LONG)
    if text.startswith(FORMULA_STARTS) and not isinstance(cell, float):
        raise Unclean(FORMULA)
    return text
