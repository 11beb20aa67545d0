"""A product of the catalogue: its terms, its risk ratings and its net asset value."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.errors import Conflict, RuleBroken
from services.product.domain.events import NavPublished, ProductListed, RatingChanged
from services.product.domain.nav import NavPoint
from services.product.domain.rating import Rating, check_distributor_rating
from services.product.domain.terms import Terms, check_terms


@dataclass(eq=False)
class Product:
    product_id: str
    terms: Terms
    rating: Rating
    updated_at: datetime
    latest_nav: NavPoint | None = None
    version: int = 0

    def listed(self, at: datetime) -> ProductListed:
        """Announce the product as it is now."""
        nav = self.latest_nav.nav if self.latest_nav else None
        return ProductListed(self.product_id, self.terms, self.rating, nav, at)

    def change_terms(
        self, terms: Terms, *, at: datetime, expected_version: int = 0
    ) -> ProductListed | None:
        """None when nothing changes."""
        if expected_version and expected_version != self.version:
            raise Conflict(
                "changed_meanwhile",
                "the product was changed meanwhile; read it again and retry",
                "产品已被他人修改，请重新读取后再试",
            )
        if terms.kind is not self.terms.kind:
            raise RuleBroken(
                "product_kind_is_fixed",
                "the kind of a product cannot change; list it under a new code",
                "产品类型不能变更，请使用新的产品代码",
                field="kind",
            )
        if terms == self.terms:
            return None
        check_terms(terms)
        self.terms, self.updated_at = terms, at
        return self.listed(at)

    def rate(self, rating: Rating, *, reason: str, by: str, at: datetime) -> RatingChanged | None:
        """None when neither rating changes."""
        if rating == self.rating:
            return None
        check_distributor_rating(self.terms.kind, rating)
        previous = self.rating.effective_level
        self.rating, self.updated_at = rating, at
        return RatingChanged(self.product_id, rating, previous, reason, by, at)

    def publish_nav(self, point: NavPoint, *, today: date, at: datetime) -> NavPublished:
        if point.nav <= 0:
            raise RuleBroken(
                "nav_not_positive", "a net asset value is above zero", "净值必须大于零", field="nav"
            )
        if point.as_of > today:
            raise RuleBroken(
                "nav_from_the_future",
                "a net asset value cannot be dated after today",
                "净值日期不能晚于今天",
                field="as_of",
            )
        if self.latest_nav is None or point.as_of >= self.latest_nav.as_of:
            self.latest_nav, self.updated_at = point, at
        return NavPublished(self.product_id, point, at)


def list_product(product_id: str, terms: Terms, rating: Rating, at: datetime) -> Product:
    check_terms(terms)
    check_distributor_rating(terms.kind, rating)
    return Product(product_id, terms, rating, at)
