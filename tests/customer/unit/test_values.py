import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customer.domain.book.cells import Cell, read_text
from services.customer.domain.book.problems import Unclean
from services.customer.domain.book.values import (
    first_phone,
    read_customer_number,
    read_level,
    read_name,
    read_phone,
    read_product_level,
    read_sex,
    read_tags,
)
from services.customer.domain.identity_number import Sex

MOBILES = st.integers(13_000_000_000, 19_999_999_999)


@given(MOBILES, st.sampled_from(["{}", "+86 {}", "+86{}", "0086-{}", "86{}", " {} "]))
def test_a_mobile_number_is_read_however_it_is_written(number: int, shape: str) -> None:
    assert read_phone(shape.format(number)) == str(number)


@given(MOBILES)
def test_a_mobile_number_is_read_from_groups_and_from_a_number_cell(number: int) -> None:
    text = str(number)

    assert read_phone(f"{text[:3]} {text[3:7]} {text[7:]}") == text
    assert read_phone(f"{text[:3]}-{text[3:7]}-{text[7:]}") == text
    assert read_phone(float(number)) == text


@pytest.mark.parametrize(
    ("cell", "phone"),
    [("010-6655 4433", "01066554433"), ("(0571) 8765-4321", "057187654321"), ("", ""), ("-", "")],
)
def test_landlines_and_empty_cells(cell: str, phone: str) -> None:
    assert read_phone(cell) == phone


@pytest.mark.parametrize("cell", ["12345", "12345678901", "1.3E+10", "不方便", 1.5, "23812345678"])
def test_what_is_no_phone_is_not_guessed(cell: Cell) -> None:
    with pytest.raises(Unclean):
        read_phone(cell)


def test_of_several_numbers_the_first_is_kept_and_said() -> None:
    cell = "13812345678/13912345678"

    with pytest.raises(Unclean) as caught:
        read_phone(cell)

    assert caught.value.problem.code == "phone_several"
    assert first_phone(cell) == "13812345678"


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("胡 磊", "胡磊"),
        (" 孙\u3000鹏 ", "孙鹏"),
        ("庄\u200b秀荣", "庄秀荣"),
        ("艾力·买买提", "艾力·买买提"),
        ("Ada  Lin", "Ada Lin"),
        ("Ａｄａ　Ｌｉｎ", "Ada Lin"),
    ],
)
def test_a_name_loses_spaces_and_invisible_characters(cell: str, name: str) -> None:
    assert read_name(cell) == name


@pytest.mark.parametrize("cell", ["", "=cmd|'/c calc'!A1", "@SUM(1)", "12345", 5.0, "名" * 101])
def test_what_is_no_name_is_refused(cell: Cell) -> None:
    with pytest.raises(Unclean):
        read_name(cell)


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("C4", "C4"),
        ("c5", "C5"),
        ("谨慎型（C2）", "C2"),
        ("谨慎型(C2)", "C2"),
        ("激进型C5", "C5"),
        ("稳健型", "C3"),
        ("Ｃ１", "C1"),
        ("", ""),
    ],
)
def test_a_level_is_read_from_its_code_or_its_name(cell: str, level: str) -> None:
    assert read_level(cell) == level


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("保守型C5", "level_contradicts"),
        ("C6", "level_unreadable"),
        ("R2", "level_unreadable"),
        ("神秘型", "level_unreadable"),
        ("()", "level_unreadable"),
        (3.0, "level_unreadable"),
    ],
)
def test_a_level_is_not_guessed(cell: Cell, code: str) -> None:
    with pytest.raises(Unclean) as caught:
        read_level(cell)

    assert caught.value.problem.code == code


@pytest.mark.parametrize(
    "cell",
    [
        "企业主；转介绍",
        "企业主;转介绍",
        "企业主、转介绍",
        "企业主,转介绍",
        "企业主，转介绍",
        "企业主 转介绍",
        "企业主/转介绍；企业主",
    ],
)
def test_tags_come_with_any_separator(cell: str) -> None:
    assert read_tags(cell) == ("企业主", "转介绍")


def test_the_mark_of_a_duplicate_entry_is_no_tag() -> None:
    assert read_tags("重复录入") == ()


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@x", "＝1+1"])
def test_text_that_begins_like_a_formula_is_left_out(cell: str) -> None:
    with pytest.raises(Unclean):
        read_text(cell)


def test_a_cell_longer_than_anybody_types_is_refused() -> None:
    with pytest.raises(Unclean):
        read_text("长" * 501)


@pytest.mark.parametrize(
    ("cell", "number"), [(" k700001 ", "K700001"), (700001.0, "700001"), ("K-1", "K-1")]
)
def test_a_customer_number(cell: Cell, number: str) -> None:
    assert read_customer_number(cell) == number


@pytest.mark.parametrize("cell", ["", "=K1", "K 1'; --", "K" * 33, "客户一"])
def test_what_is_no_customer_number(cell: Cell) -> None:
    with pytest.raises(Unclean):
        read_customer_number(cell)


def test_sexes() -> None:
    assert (read_sex("男"), read_sex("女性"), read_sex("")) == (Sex.MALE, Sex.FEMALE, None)
    with pytest.raises(Unclean):
        read_sex("?")


def test_product_levels() -> None:
    assert (
        read_product_level("r2"),
        read_product_level("中低风险(R2)"),
        read_product_level(""),
    ) == ("R2", "R2", "")
    with pytest.raises(Unclean):
        read_product_level("C2")


@given(st.text(max_size=30) | st.floats())
def test_no_reader_breaks_on_anything(cell: Cell) -> None:
    for read in (read_phone, read_name, read_level, read_tags, read_text, read_customer_number):
        with contextlib.suppress(Unclean):
            read(cell)
