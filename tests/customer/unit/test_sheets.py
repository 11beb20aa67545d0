"""A book's sheets and columns are found wherever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Invalid
from services.customer.domain.book.book import clean
from tests.customer.unit.books import (
    HEADER,
    TODAY,
    book_of,
    problems,
)


def test_title_blank_total_and_repeated_header_rows_are_skipped() -> None:
    workbook = book_of()
    rows = list(workbook["客户信息"])
    messy = [
        ("内部资料", *[""] * 7),
        ("",) * 8,
        *rows[:2],
        ("",) * 8,
        HEADER,
        rows[2],
        ("合 计：", *[""] * 7),
    ]

    book = clean({**workbook, "客户信息": messy}, TODAY)

    assert [(customer.customer_no, customer.row) for customer in book.customers] == [
        ("K1", 4),
        ("K2", 7),
    ]
    assert book.customer_rows == 2


@given(
    st.permutations(range(len(HEADER))),
    st.permutations(["客户信息", "产品", "持仓", "交易流水", "家庭关系"]),
)
def test_columns_and_sheets_may_come_in_any_order(columns: list[int], sheets: list[str]) -> None:
    workbook = book_of()
    shuffled = {sheet: workbook[sheet] for sheet in sheets}
    shuffled["客户信息"] = [[row[index] for index in columns] for row in workbook["客户信息"]]

    assert clean(shuffled, TODAY).customers == clean(workbook, TODAY).customers


def test_unknown_columns_and_sheets_are_tolerated() -> None:
    workbook = book_of()
    wider = [("备用", *row, "x") for row in workbook["客户信息"]]

    book = clean({"说明": [("请先阅读",)], **workbook, "客户信息": wider}, TODAY)

    assert len(book.customers) == 2


def test_other_titles_of_columns_and_sheets_are_known() -> None:
    workbook = dict(book_of())
    header = ("客户号", "姓名", "证件类型", " 身份证号 *", "生日", "手机", "风险等级", "标签")
    workbook["客户资料"] = [header, *workbook.pop("客户信息")[1:]]

    assert [customer.name for customer in clean(workbook, TODAY).customers] == ["林爱达", "孙博"]


def test_a_sheet_with_an_unknown_title_is_found_by_its_columns() -> None:
    workbook = dict(book_of())
    workbook["Sheet1"] = workbook.pop("客户信息")

    assert len(clean(workbook, TODAY).customers) == 2


@pytest.mark.parametrize("sheet", ["客户信息", "产品", "持仓", "交易流水"])
def test_a_missing_sheet_is_named(sheet: str) -> None:
    workbook = {title: rows for title, rows in book_of().items() if title != sheet}

    with pytest.raises(Invalid, match=sheet) as caught:
        clean(workbook, TODAY)

    assert caught.value.code == "sheet_missing"


@pytest.mark.parametrize("column", ["客户编号", "客户姓名", "证件号码"])
def test_a_missing_column_is_named(column: str) -> None:
    workbook = dict(book_of())
    index = HEADER.index(column)
    workbook["客户信息"] = [[*row[:index], *row[index + 1 :]] for row in workbook["客户信息"]]

    with pytest.raises(Invalid, match=column) as caught:
        clean(workbook, TODAY)

    assert (caught.value.code, "客户信息" in caught.value.zh) == ("column_missing", True)


def test_an_empty_book_is_refused() -> None:
    with pytest.raises(Invalid):
        clean({}, TODAY)
    with pytest.raises(Invalid):
        clean({"客户信息": [], "产品": [], "持仓": [], "交易流水": []}, TODAY)


def test_a_book_without_a_family_sheet_is_taken_and_said() -> None:
    workbook = {title: rows for title, rows in book_of().items() if title != "家庭关系"}

    assert problems(clean(workbook, TODAY)) == [(0, "warning", "sheet_absent")]
