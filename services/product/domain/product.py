"""A product, its terms, its risk ratings and its net asset value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from chassis.errors import Conflict, RuleBroken


class Kind(StrEnum):
    BANK_WEALTH = "bank_wealth"
    PUBLIC_FUND = "public_fund"
    PRIVATE_FUND = "private_fund"
    COLLECTIVE_TRUST = "collective_trust"
    SECURITIES_AM_PLAN = "securities_am_plan"
    INSURANCE = "insurance"


class Placement(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"


class AssetClass(StrEnum):
    FIXED_INCOME = "fixed_income"
    MIXED = "mixed"
    EQUITY = "equity"
    COMMODITY_DERIVATIVES = "commodity_derivatives"


class Level(StrEnum):
    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"


class State(StrEnum):
    LISTED = "listed"
    SUSPENDED = "suspended"
    DELISTED = "delisted"


class InsuranceLine(StrEnum):
    LIFE = "life"
    HEALTH = "health"
    PROPERTY = "property"
    GROUP = "group"


class InsuranceDesign(StrEnum):
    TRADITIONAL = "traditional"
    PARTICIPATING = "participating"
    UNIVERSAL = "universal"
    UNIT_LINKED = "unit_linked"
    VARIABLE_ANNUITY = "variable_annuity"


PLACED_PRIVATELY = frozenset({Kind.PRIVATE_FUND, Kind.COLLECTIVE_TRUST, Kind.SECURITIES_AM_PLAN})


@dataclass(frozen=True)
class InsuranceTerms:
    line: InsuranceLine
    design: InsuranceDesign
    term_years: int
    pay_years: int


@dataclass(frozen=True)
class ScriptNode:
    """One node that a dual recording of this product must cover."""

    node_id: str
    title_zh: str
    title_en: str
    say_zh: str
    answer_required: bool


@dataclass(frozen=True, kw_only=True)
class Terms:
    name: str
    kind: Kind
    placement: Placement
    asset_class: AssetClass | None = None
    minimum_amount: Decimal = Decimal(0)  # CNY
    matures_on: date | None = None
    cooling_off_hours: int | None = None
    insurance: InsuranceTerms | None = None
    script: tuple[ScriptNode, ...] = ()
    state: State = State.LISTED


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


@dataclass(frozen=True)
class NavPoint:
    nav: Decimal
    as_of: date


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
        _check_insurance(terms)
        _check_script(terms.script)
        self.terms, self.updated_at = terms, at
        return self.listed(at)

    def rate(self, rating: Rating, *, reason: str, by: str, at: datetime) -> RatingChanged | None:
        """None when neither rating changes."""
        if rating == self.rating:
            return None
        _check_distributor_rating(self.terms.kind, rating)
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
    _check_insurance(terms)
    _check_script(terms.script)
    _check_distributor_rating(terms.kind, rating)
    return Product(product_id, terms, rating, at)


def usual_placement(kind: Kind) -> Placement:
    """Private funds, collective trusts and securities plans are placed privately."""
    return Placement.PRIVATE if kind in PLACED_PRIVATELY else Placement.PUBLIC


def _check_insurance(terms: Terms) -> None:
    if terms.insurance and terms.kind is not Kind.INSURANCE:
        raise RuleBroken(
            "insurance_terms_on_other_kind",
            "only an insurance product carries insurance terms",
            "只有保险产品才有保险条款",
            field="insurance",
        )


def _check_script(script: Sequence[ScriptNode]) -> None:
    if len({node.node_id for node in script}) < len(script):
        raise RuleBroken(
            "script_node_repeated",
            "two nodes of the recording script have the same id",
            "双录话术中有重复的节点编号",
            field="script",
        )


def _check_distributor_rating(kind: Kind, rating: Rating) -> None:
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
