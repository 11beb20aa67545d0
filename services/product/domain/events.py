"""What the catalogue announces."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from services.product.domain.nav import NavPoint
from services.product.domain.rating import Level, Rating
from services.product.domain.terms import Terms


@dataclass(frozen=True)
class ProductListed:
    product_id: str
    terms: Terms
    rating: Rating
    nav: Decimal | None
    at: datetime


@dataclass(frozen=True)
class RatingChanged:
    product_id: str
    rating: Rating
    previous_effective_level: Level | None
    reason: str
    changed_by: str
    at: datetime


@dataclass(frozen=True)
class NavPublished:
    product_id: str
    point: NavPoint
    at: datetime
