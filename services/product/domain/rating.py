"""How risky a product is, as its issuer and its seller see it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import RuleBroken
from services.product.domain.terms import Kind


class Level(StrEnum):
    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"


@dataclass(frozen=True)
class Rating:
    """Both ratings; the higher one counts (S1 Art 22, PRD-01)."""

    issuer_level: Level | None = None
    seller_level: Level | None = None

    @property
    def effective_level(self) -> Level | None:
        return max(filter(None, (self.issuer_level, self.seller_level)), default=None)


@dataclass(frozen=True)
class RatingVersion:
    rating: Rating
    reason: str
    rated_by: str
    at: datetime


def check_distributor_rating(kind: Kind, rating: Rating) -> None:
    """A public fund's distributor may not rate below its manager (S4 Art 11, PRD-03)."""
    if kind is not Kind.PUBLIC_FUND or not rating.issuer_level or not rating.seller_level:
        return
    if rating.seller_level < rating.issuer_level:
        raise RuleBroken(
            "seller_rating_below_issuer",
            "the seller may not rate a public fund below its manager's level",
            "销售机构对公募基金的评级不得低于管理人的评级",
            rule="PRD-03",
            field="seller_level",
        )
