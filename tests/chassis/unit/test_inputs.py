from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Invalid
from chassis.inputs import amount, choice, day, decimal, identifier, optional_text, storable, text


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@pytest.mark.parametrize("value", ["0.01", "1", "100000000.00", "5.10"])
def test_an_amount_is_read_exactly(value: str) -> None:
    assert amount(value, "amount") == Decimal(value)


@pytest.mark.parametrize(
    "value", ["", "0", "-1", "1e5", "1,000", "NaN", "Infinity", "1.001", " 1", "١٢", "9" * 19]
)
def test_what_is_not_an_amount_is_refused_by_field(value: str) -> None:
    with pytest.raises(Invalid) as caught:
        amount(value, "amount")

    assert caught.value.field == "amount"


@pytest.mark.parametrize("value", ["0", "-1.5", "999999999999.99999999", "1.2000000000"])
def test_what_can_be_stored_is_read_exactly(value: str) -> None:
    assert storable(value, "nav") == Decimal(value)


@pytest.mark.parametrize("value", ["1000000000000", "0.000000001", "1.000000001000"])
def test_a_number_that_would_be_stored_otherwise_is_refused(value: str) -> None:
    with pytest.raises(Invalid) as caught:
        storable(value, "nav")

    assert (caught.value.code, caught.value.field) == ("too_many_digits", "nav")


@pytest.mark.parametrize("value", ["-0", "-0.00"])
def test_zero_has_no_sign(value: str) -> None:
    assert str(decimal(value, "amount")) == "0"


@given(st.text())
def test_a_decimal_is_read_or_refused_never_anything_else(value: str) -> None:
    try:
        assert decimal(value, "units").is_finite()
    except Invalid as refusal:
        assert refusal.code == "not_a_decimal"


@given(st.text())
def test_a_day_is_read_or_refused_never_anything_else(value: str) -> None:
    try:
        assert day(value, "on").isoformat() == value
    except Invalid as refusal:
        assert refusal.code == "not_a_date"


@pytest.mark.parametrize("value", ["2026-02-30", "20260101", "2026-W01-1", "2026/01/01", ""])
def test_only_plain_dates_are_days(value: str) -> None:
    with pytest.raises(Invalid):
        day(value, "on")


def test_text_is_stripped_and_must_be_there() -> None:
    assert text("  a note ", "note") == "a note"
    with pytest.raises(Invalid, match="note is missing"):
        text("   ", "note")


def test_text_is_bounded_and_free_of_control_characters() -> None:
    with pytest.raises(Invalid, match="longer than 3"):
        optional_text("four", "note", longest=3)
    with pytest.raises(Invalid, match="control character"):
        optional_text("a\x00b", "note")


@pytest.mark.parametrize("value", ["s-ada", "P7001", "0193-aa:b.c_d"])
def test_identifiers(value: str) -> None:
    assert identifier(value, "id") == value


@pytest.mark.parametrize("value", ["", "a b", "-x", "a" * 65, "a\n", "ключ"])
def test_not_identifiers(value: str) -> None:
    with pytest.raises(Invalid):
        identifier(value, "id")


def test_a_wrong_choice_names_the_right_ones() -> None:
    assert choice(Colour, "red", "colour") is Colour.RED
    with pytest.raises(Invalid, match="red, blue"):
        choice(Colour, "green", "colour")
