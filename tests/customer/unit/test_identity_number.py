from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customer.domain.book.problems import Unclean
from services.customer.domain.book.values import check_identity_kind, read_identity
from services.customer.domain.identity_number import (
    Flaw,
    NotAnIdentityNumber,
    Sex,
    check_digit,
    read_identity_number,
)

BODIES = st.builds(
    lambda born, serial: f"440305{born:%Y%m%d}{serial:03d}",
    st.dates(date(1900, 1, 1), date(2026, 1, 1)),
    st.integers(0, 999),
)


def test_the_example_of_the_standard_is_valid() -> None:
    number = read_identity_number("11010519491231002x")

    assert number.number == "11010519491231002X"
    assert number.born_on == date(1949, 12, 31)
    assert number.sex is Sex.FEMALE


@given(BODIES)
def test_the_birth_date_and_the_sex_are_inside(body: str) -> None:
    number = read_identity_number(body + check_digit(body))

    assert f"{number.born_on:%Y%m%d}" == body[6:14]
    assert (number.sex is Sex.MALE) == (int(body[16]) % 2 == 1)


@given(BODIES, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(body: str, place: int, shift: int) -> None:
    digit = str((int(body[place]) + shift) % 10)
    wrong = body[:place] + digit + body[place + 1 :] + check_digit(body)

    with pytest.raises(NotAnIdentityNumber):
        read_identity_number(wrong)


@given(BODIES, st.integers(0, 15))
def test_two_swapped_digits_are_always_found(body: str, place: int) -> None:
    whole = body + check_digit(body)
    swapped = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]

    if swapped != whole:
        with pytest.raises(NotAnIdentityNumber):
            read_identity_number(swapped)


def test_an_old_number_is_upgraded() -> None:
    assert read_identity_number("110105491231002").number == "11010519491231002X"


@pytest.mark.parametrize(
    ("written", "flaw"),
    [
        ("", Flaw.SHAPE),
        ("1234", Flaw.SHAPE),
        ("110105194912310029", Flaw.CHECK_DIGIT),
        ("990105194912310022", Flaw.REGION),
        ("110105194913310026", Flaw.BIRTH_DATE),
    ],
)
def test_a_flaw_is_named(written: str, flaw: Flaw) -> None:
    if flaw in (Flaw.REGION, Flaw.BIRTH_DATE):
        written = written[:17] + check_digit(written)

    with pytest.raises(NotAnIdentityNumber) as caught:
        read_identity_number(written)

    assert caught.value.flaw is flaw


@pytest.mark.parametrize(
    "cell",
    [
        " 11010519491231002x",
        "110105 19491231 002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "'11010519491231002X",
        "11010519491231002X\u200b",
    ],
)
def test_traces_of_typing_are_removed(cell: str) -> None:
    assert read_identity(cell).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "identity_missing"),
        ("无", "identity_missing"),
        (440305196107305312.0, "identity_lost_digits"),
        ("护照 E12345678", "identity_shape"),
    ],
)
def test_a_cell_without_identity_says_why(cell: str | float, code: str) -> None:
    with pytest.raises(Unclean) as caught:
        read_identity(cell)

    assert caught.value.problem.code == code


def test_only_identity_cards_can_be_checked() -> None:
    check_identity_kind("身份证")
    check_identity_kind("")

    with pytest.raises(Unclean):
        check_identity_kind("护照")
