"""Calendar months in the institution's zone."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, order=True)
class Month:
    year: int
    number: int  # 1–12

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read 2026-11; raise ValueError for anything else."""
        written = WRITTEN.fullmatch(text)
        if written is None or written[1] == "0000":
            raise ValueError(f"not a month: {text}")
        return cls(int(written[1]), int(written[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def plus(self, months: int) -> "Month":
        years, index = divmod(self.number - 1 + months, 12)
        return Month(self.year + years, index + 1)

    def until(self, last: "Month") -> list["Month"]:
        """This month and those after it, *last* included; empty when *last* is earlier."""
        return [self.plus(months) for months in range(self.months_to(last) + 1)]

    def months_to(self, other: "Month") -> int:
        return (other.year - self.year) * 12 + other.number - self.number


@dataclass(frozen=True)
class MonthClosed:
    """The month has ended; so it stood when that was noticed."""

    month: Month
    aum: Decimal  # CNY
    customers: int
    at: datetime
