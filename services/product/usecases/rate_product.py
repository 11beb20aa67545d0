"""The rating team changes the level of a product, with a reason."""

from dataclasses import dataclass
from datetime import datetime

from services.product.domain.rating import Level, Rating, RatingVersion
from services.product.usecases.ports import ProductWork


@dataclass(frozen=True, kw_only=True)
class RateProduct:
    product_id: str
    issuer_level: Level | None  # None: as it is
    seller_level: Level | None  # None: as it is
    reason: str
    by: str
    at: datetime


def rate_product(command: RateProduct, work: ProductWork) -> None:
    product = work.products.get(command.product_id)
    rating = Rating(
        command.issuer_level or product.rating.issuer_level,
        command.seller_level or product.rating.seller_level,
    )
    changed = product.rate(rating, reason=command.reason, by=command.by, at=command.at)
    if changed:
        work.products.save(product)
        version = RatingVersion(rating, command.reason, command.by, command.at)
        work.products.keep_rating(product.product_id, version)
        work.announce(changed)
