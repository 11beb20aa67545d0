from datetime import date

import pytest

from services.analytics.domain.month import Month


def test_a_month_is_written_as_it_is_read() -> None:
    assert str(Month.parse("2026-01")) == "2026-01"
    assert str(Month.of(date(2026, 12, 31))) == "2026-12"


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "0000-01", "2026-1", "26-01", "2026-01-01"]
)
def test_anything_else_is_not_a_month(text: str) -> None:
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(text)


def test_months_follow_one_another_across_years() -> None:
    november, february = Month(2025, 11), Month(2026, 2)

    assert [str(month) for month in november.until(february)] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert february.plus(-3) == november
    assert february.until(november) == []
