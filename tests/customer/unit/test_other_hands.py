"""The example book, typed by other hands: other formats, columns, sheets, empty rows."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.customer.adapters.workbooks import ExcelFiles
from services.customer.domain.book.amounts import read_amount
from services.customer.domain.book.book import Book, clean
from services.customer.domain.book.cells import Cell, Grid, Workbook
from services.customer.domain.book.dates import SERIAL_ZERO, read_date
from services.customer.domain.book.problems import Unclean
from tests.customer.unit.books import TODAY, xlsx

BOOK = Path(__file__).parents[3] / "examples" / "client-book.xlsx"
HEADER_ROWS = {"客户信息": 3}
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

Rewrite = Callable[[random.Random, Cell], Cell]


def as_date(luck: random.Random, cell: Cell) -> Cell:
    day = read_date(cell)
    if day is None:
        return cell
    shapes: list[Cell] = [
        day,
        float((day - SERIAL_ZERO).days) if day.year > 1927 else day,
        f"{day:%Y-%m-%d} 00:00:00",
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        f"{day:%Y.%m.%d}",
        f"{day:%Y%m%d}".translate(WIDE),
    ]
    return luck.choice(shapes)


def as_amount(luck: random.Random, cell: Cell) -> Cell:
    amount = read_amount(cell)
    if amount is None:
        return cell
    shapes: list[Cell] = [
        float(amount),
        f"￥{amount:,.2f}",
        f"{amount / 10_000}万元",
        f"{amount / 10_000} w",
        f"RMB {amount:.2f}",
        f"{amount / Decimal(10**8):f}亿",
        f"{amount:,.2f}".translate(WIDE),
    ]
    return luck.choice(shapes)


def as_identity(luck: random.Random, cell: Cell) -> Cell:
    text = str(cell).strip()
    return luck.choice(
        [text.lower(), f" {text[:6]} {text[6:]}", text.translate(WIDE), f"{text}\u200b"]
    )


def as_name(luck: random.Random, cell: Cell) -> Cell:
    text = str(cell)
    return luck.choice([f"\u3000{text}", f"{text[:1]} {text[1:]}", f"{text}\ufeff "])


def as_phone(luck: random.Random, cell: Cell) -> Cell:
    written = f"{cell:.0f}" if isinstance(cell, float) else str(cell)
    digits = "".join(filter(str.isdigit, written))[-11:]
    shapes: list[Cell] = [
        f"0086{digits}",
        f"(+86){digits}",
        digits.translate(WIDE),
        float(digits),
    ]
    return luck.choice(shapes)


REWRITES: dict[str, Rewrite] = {
    **dict.fromkeys(("出生日期", "测评日期", "日期", "到期日"), as_date),
    **dict.fromkeys(("总资产规模(AUM)", "年收入", "参考市值", "金额", "持有份额"), as_amount),
    "证件号码": as_identity,
    "客户姓名": as_name,
    "手机号": as_phone,
}


def typed_again(workbook: Workbook, luck: random.Random) -> Workbook:
    sheets = list(workbook)
    luck.shuffle(sheets)
    return {sheet: _sheet(sheet, workbook[sheet], luck) for sheet in sheets}


def _sheet(sheet: str, grid: Grid, luck: random.Random) -> Grid:
    first = HEADER_ROWS.get(sheet, 1) - 1
    header = grid[first]
    order = luck.sample(range(len(header)), len(header))
    rows: list[Sequence[Cell]] = [["随手记"], [], [header[index] for index in order]]
    for row in grid[first + 1 :]:
        if luck.random() < 0.01:
            rows.append([""] * len(order))
        rows.append([_cell(str(header[index]), row[index], luck) for index in order])
    return rows


def _cell(title: str, cell: Cell, luck: random.Random) -> Cell:
    rewrite = REWRITES.get(title)
    try:
        return rewrite(luck, cell) if rewrite and cell != "" else cell
    except Unclean:
        return cell


def said(book: Book) -> dict[str, object]:
    """Everything but the rows it stood in."""
    return {
        "customers": [replace(customer, row=0) for customer in book.customers],
        "products": book.products,
        "holdings": book.holdings,
        "transactions": book.transactions,
        "family": book.family,
        "problems": [(note.sheet, note.customer_no, note.problem) for note in book.notes],
        "figures": (book.customer_rows, book.rejected_rows, book.duplicate_rows, book.aum),
    }


@pytest.fixture(scope="module")
def workbook() -> Workbook:
    return ExcelFiles().read(BOOK.read_bytes())


@pytest.mark.parametrize("seed", range(3))
def test_the_book_says_the_same_in_any_hand(workbook: Workbook, seed: int) -> None:
    again = typed_again(workbook, random.Random(seed))

    assert said(clean(again, TODAY)) == said(clean(workbook, TODAY))


def test_the_book_says_the_same_after_a_spreadsheet_program_saved_it(workbook: Workbook) -> None:
    again = typed_again({sheet: rows[:300] for sheet, rows in workbook.items()}, random.Random(7))

    saved = ExcelFiles().read(xlsx(again))

    assert said(clean(saved, TODAY)) == said(clean(again, TODAY))


def test_a_day_is_a_day_in_every_shape_of_this_test() -> None:
    luck = random.Random(1)

    assert {read_date(as_date(luck, date(1961, 7, 30))) for _ in range(50)} == {date(1961, 7, 30)}
