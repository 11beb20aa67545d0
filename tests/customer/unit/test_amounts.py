from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customer.domain.book.amounts import read_amount, to_cents
from services.customer.domain.book.cells import Cell
from services.customer.domain.book.problems import Unclean

CENTS = st.integers(0, 10**13).map(lambda cents: Decimal(cents) / 100)


@given(
    CENTS,
    st.sampled_from(["{}", "{:,.2f}", "¥{:,.2f}", "￥{:.2f}", "{:,.2f}元", " {} ", "人民币{}元"]),
)
def test_an_amount_is_read_to_the_cent_however_it_is_written(amount: Decimal, shape: str) -> None:
    assert read_amount(shape.format(amount)) == amount


@given(CENTS)
def test_a_number_cell_leaves_no_binary_fraction(amount: Decimal) -> None:
    assert read_amount(float(amount)) == amount


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("239万", "2390000"),
        ("239 万元", "2390000"),
        ("95W", "950000"),
        ("95w", "950000"),
        ("1.25亿", "125000000"),
        ("0W", "0"),
        ("３，６９４，９５０．００", "3694950"),
        ("３８．５万", "385000"),
        ("￥1,610,568.00", "1610568"),
        ("1.5E+06", "1500000"),
        (0.1 + 0.2, "0.3"),
        (1234567.89, "1234567.89"),
    ],
)
def test_the_ways_people_write_amounts(cell: Cell, amount: str) -> None:
    assert read_amount(cell) == Decimal(amount)


def test_a_title_may_say_what_is_counted_in() -> None:
    wan = Decimal(10_000)

    assert read_amount("239", wan) == 2_390_000
    assert read_amount("239万", wan) == 2_390_000


@pytest.mark.parametrize("cell", ["", " ", "-", "—", "无", "n/a"])
def test_an_empty_cell_is_no_amount(cell: str) -> None:
    assert read_amount(cell) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("-100", "amount_negative"),
        ("¥-100.00", "amount_negative"),
        ("(1,000.00)", "amount_negative"),
        (-5.0, "amount_negative"),
        ("1,23", "amount_unreadable"),
        ("12.34.56", "amount_unreadable"),
        ("约100万", "amount_unreadable"),
        ("100 USD", "amount_unreadable"),
        ("=1+1", "amount_unreadable"),
        (float("nan"), "amount_unreadable"),
        (float("inf"), "amount_unreadable"),
        ("9" * 30, "amount_implausible"),
        ("9E99", "amount_implausible"),
        (1e300, "amount_implausible"),
    ],
)
def test_what_is_no_amount_says_why(cell: Cell, code: str) -> None:
    with pytest.raises(Unclean) as caught:
        read_amount(cell)

    assert caught.value.problem.code == code


def test_fractions_of_a_cent_round_half_up() -> None:
    assert to_cents(Decimal("0.125")) == Decimal("0.13")


@given(st.text(max_size=20) | st.floats())
def test_anything_else_is_refused_cleanly(cell: Cell) -> None:
    try:
        amount = read_amount(cell)
    except Unclean:
        return

    assert amount is None or amount >= 0
