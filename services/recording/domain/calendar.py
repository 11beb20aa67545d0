"""Periods in months and years, as the Civil Code counts them."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def months_after(day: date, months: int) -> date:
    """The last day of a period of *months* that begins after *day*.

    民法典 Art 202: the corresponding day of the last month, or that month's last day when it
    has none: 29 Feb 2024 and twelve months end on 28 Feb 2025.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after *day* in *zone*."""
    return datetime.combine(day + timedelta(days=1), time(), zone)
