from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.decimals import plain


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (Decimal("1.23000000"), "1.23"),
        (Decimal("100.00"), "100"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.00"), "0"),
        (24, "24"),
        (100, "100"),
        (None, ""),
    ],
)
def test_a_number_is_written_without_what_says_nothing(
    number: Decimal | int | None, written: str
) -> None:
    assert plain(number) == written


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8))
def test_what_is_written_reads_as_the_same_number(number: Decimal) -> None:
    assert Decimal(plain(number)) == number
