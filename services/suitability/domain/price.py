"""What one unit of a product is worth, and whether it moved enough to decide again."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.suitability.domain.match import Change
from services.suitability.domain.pack import Pack

PERCENT = "price_change_percent"


@dataclass(frozen=True)
class Price:
    product_id: str
    nav: Decimal
    as_of: date
    sequence: int
    at: datetime


def price_change(before: Decimal, now: Decimal, pack: Pack) -> Change | None:
    """The change, when it is more than the percentage that the pack names; a pack may name none."""
    percent = pack.parameters.get(PERCENT)
    if percent is None or before <= 0:
        return None
    limit = int(str(percent))
    if abs(now - before) * 100 <= before * limit:
        return None
    return Change(
        f"the product's price moved by more than {limit} % since the decision",
        f"产品净值自匹配以来变动超过 {limit}%",
    )
