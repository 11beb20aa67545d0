import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customer.domain.book.cells import Cell
from services.customer.domain.book.dates import SERIAL_ZERO, read_date, read_maturity
from services.customer.domain.book.problems import Unclean

DAYS = st.dates(date(1930, 1, 1), date(2090, 12, 31))
SHAPES = [
    "{0:%Y-%m-%d}",
    "{0:%Y/%m/%d}",
    "{0:%Y.%m.%d}",
    "{0:%Y%m%d}",
    "{0:%Y年%m月%d日}",
    "{0.year}年{0.month}月{0.day}日",
    "{0.year}/{0.month}/{0.day}",
    " {0:%Y-%m-%d} 00:00:00",
]


@given(DAYS, st.sampled_from(SHAPES))
def test_a_day_is_read_however_it_is_written(day: date, shape: str) -> None:
    assert read_date(shape.format(day)) == day


@given(DAYS)
def test_a_day_is_read_from_a_cell_a_serial_and_a_number(day: date) -> None:
    serial = float((day - SERIAL_ZERO).days)

    assert read_date(day) == day
    assert read_date(serial) == day
    assert read_date(serial + 0.75) == day
    assert read_date(float(f"{day:%Y%m%d}")) == day


@pytest.mark.parametrize("cell", ["", "  ", "-", "—", "无", "N/A"])
def test_an_empty_cell_is_no_day(cell: str) -> None:
    assert read_date(cell) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2026-02-30", "date_impossible"),
        ("20261301", "date_impossible"),
        ("03/04/1956", "date_ambiguous"),
        ("56-06-05", "date_ambiguous"),
        (1956.0, "date_ambiguous"),
        ("1956年6月", "date_unreadable"),
        ("2026-08/19", "date_unreadable"),
        ("soon", "date_unreadable"),
        ("不详", "date_unreadable"),
        (99999999999.0, "date_unreadable"),
        ("0026-01-01", "date_implausible"),
        ("2999-01-01", "date_implausible"),
    ],
)
def test_a_doubtful_day_is_not_guessed(cell: Cell, code: str) -> None:
    with pytest.raises(Unclean) as caught:
        read_date(cell)

    assert caught.value.problem.code == code


def test_full_width_digits_are_digits() -> None:
    assert read_date("２０２６年８月１９日") == date(2026, 8, 19)


@pytest.mark.parametrize("cell", ["开放式", "永续", "-", ""])
def test_an_open_ended_product_has_no_maturity(cell: str) -> None:
    assert read_maturity(cell) is None


@given(st.text(max_size=20) | st.floats(allow_nan=True))
def test_anything_else_is_refused_cleanly(cell: Cell) -> None:
    with contextlib.suppress(Unclean):
        read_date(cell)
