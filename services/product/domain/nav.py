"""The value of one unit of a product on a day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class NavPoint:
    nav: Decimal
    as_of: date
