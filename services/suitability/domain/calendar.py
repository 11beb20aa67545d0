"""Ages and periods, counted as the Civil Code counts them (民法典 Arts 200-204)."""

import calendar
from datetime import date
from functools import lru_cache


def age_on(born_on: date, on: date) -> int:
    """Completed years; a birthday on 29 February is completed on 1 March of a common year."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


@lru_cache(4096)
def months_later(day: date, months: int) -> date:
    """The corresponding day of a later month, or that month's last day when there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def months_begun(since: date, on: date) -> int:
    """The months begun between two days: a period of N months has ended when this is above N."""
    months = (on.year - since.year) * 12 + on.month - since.month
    return months + (months_later(since, months) < on)
