from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Conflict, NotFound, RuleBroken
from services.product.domain.events import NavPublished, ProductListed, RatingChanged
from services.product.domain.rating import Level, Rating
from services.product.domain.terms import (
    InsuranceDesign,
    InsuranceLine,
    InsuranceTerms,
    Kind,
    Placement,
    ScriptNode,
    Terms,
    usual_placement,
)
from services.product.usecases.list_imported_products import (
    ImportedProduct,
    ListImportedProducts,
    list_imported_products,
)
from services.product.usecases.publish_nav import PublishNav, publish_nav
from services.product.usecases.put_product import PutProduct, put_product
from services.product.usecases.rate_product import RateProduct, rate_product
from tests.product.unit.fakes import FakeWork

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
TODAY = date(2026, 11, 23)
FUND = Terms(name="Clear Cloud Fund", kind=Kind.PUBLIC_FUND, placement=Placement.PUBLIC)
NODE = ScriptNode("risks", "风险揭示", "Risks", "本产品不保本", True)

LEVELS = st.none() | st.sampled_from(Level)


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    put(work, FUND, Rating(Level.R2, Level.R3))
    work.announced.clear()
    return work


def put(work: FakeWork, terms: Terms, rating: Rating = Rating(), expected: int = 0) -> None:  # noqa: B008
    command = PutProduct(
        product_id="P1",
        terms=terms,
        rating=rating,
        by="s-ops",
        at=NOON,
        expected_version=expected,
    )
    put_product(command, work)


def rate(work: FakeWork, issuer: Level | None = None, seller: Level | None = None) -> None:
    command = RateProduct(
        product_id="P1",
        issuer_level=issuer,
        seller_level=seller,
        reason="review",
        by="s-r",
        at=NOON,
    )
    rate_product(command, work)


def publish(work: FakeWork, nav: str, as_of: date = TODAY) -> None:
    command = PublishNav(product_id="P1", nav=Decimal(nav), as_of=as_of, today=TODAY, at=NOON)
    publish_nav(command, work)


def test_a_new_product_is_announced_with_its_terms() -> None:
    work = FakeWork()

    put(work, FUND, Rating(Level.R2, Level.R3))

    assert work.announced == [ProductListed("P1", FUND, Rating(Level.R2, Level.R3), None, NOON)]
    assert [version.reason for _, version in work.products.ratings] == ["listed"]


def test_putting_the_same_terms_again_announces_nothing(work: FakeWork) -> None:
    put(work, FUND)

    assert work.announced == []
    assert work.products.get("P1").version == 1


def test_changed_terms_are_announced_and_the_rating_stays(work: FakeWork) -> None:
    dearer = replace(FUND, minimum_amount=Decimal("1000"))

    put(work, dearer, Rating(Level.R5))

    assert work.announced == [ProductListed("P1", dearer, Rating(Level.R2, Level.R3), None, NOON)]


def test_a_change_based_on_an_old_version_is_refused(work: FakeWork) -> None:
    put(work, replace(FUND, name="Newer"))

    with pytest.raises(Conflict):
        put(work, replace(FUND, name="Older"), expected=1)


def test_the_kind_of_a_product_is_fixed(work: FakeWork) -> None:
    with pytest.raises(RuleBroken, match="kind"):
        put(work, replace(FUND, kind=Kind.PRIVATE_FUND))


def test_only_insurance_carries_insurance_terms(work: FakeWork) -> None:
    terms = InsuranceTerms(InsuranceLine.LIFE, InsuranceDesign.TRADITIONAL, 20, 10)

    with pytest.raises(RuleBroken, match="insurance"):
        put(work, replace(FUND, insurance=terms))


def test_a_script_names_each_node_once(work: FakeWork) -> None:
    with pytest.raises(RuleBroken, match="same id"):
        put(work, replace(FUND, script=(NODE, NODE)))


@given(LEVELS, LEVELS)
def test_the_higher_rating_counts(issuer: Level | None, seller: Level | None) -> None:
    levels = [level for level in (issuer, seller) if level]

    assert Rating(issuer, seller).effective_level == (max(levels) if levels else None)


def test_a_new_rating_is_kept_and_announced(work: FakeWork) -> None:
    rate(work, seller=Level.R4)

    rating = Rating(Level.R2, Level.R4)
    assert work.announced == [RatingChanged("P1", rating, Level.R3, "review", "s-r", NOON)]
    assert [version.rating for _, version in work.products.ratings][-1] == rating


def test_an_unchanged_rating_is_not_announced(work: FakeWork) -> None:
    rate(work, seller=Level.R3)

    assert work.announced == []


def test_a_public_fund_is_not_rated_below_its_manager(work: FakeWork) -> None:
    with pytest.raises(RuleBroken) as caught:
        rate(work, issuer=Level.R4)

    assert caught.value.rule == "PRD-03"


def test_an_unknown_product_cannot_be_rated() -> None:
    with pytest.raises(NotFound):
        rate(FakeWork(), seller=Level.R1)


def test_a_nav_is_announced(work: FakeWork) -> None:
    publish(work, "1.0250")

    (event,) = work.announced
    assert isinstance(event, NavPublished)
    assert event.point.nav == Decimal("1.0250")
    assert work.products.get("P1").latest_nav == event.point


def test_an_older_nav_does_not_become_the_latest(work: FakeWork) -> None:
    publish(work, "1.02")
    publish(work, "0.99", date(2026, 11, 1))

    latest = work.products.get("P1").latest_nav
    assert latest is not None
    assert latest.nav == Decimal("1.02")
    assert len(work.products.navs) == 2


@pytest.mark.parametrize(("nav", "as_of"), [("0", TODAY), ("-1", TODAY), ("1", date(2026, 11, 24))])
def test_a_nav_is_above_zero_and_not_of_tomorrow(work: FakeWork, nav: str, as_of: date) -> None:
    with pytest.raises(RuleBroken):
        publish(work, nav, as_of)


def imported(product_id: str) -> ImportedProduct:
    return ImportedProduct(
        product_id=product_id,
        name="凌云启航",
        kind=Kind.PRIVATE_FUND,
        level=Level.R4,
        minimum_amount=Decimal("1000000"),
        nav=Decimal("1.5604"),
        matures_on=None,
    )


def test_an_imported_book_lists_only_what_is_unknown(work: FakeWork) -> None:
    command = ListImportedProducts(products=[imported("P1"), imported("P2")], today=TODAY, at=NOON)

    list_imported_products(command, work)

    assert [event.product_id for event in work.announced] == ["P2"]
    assert work.products.get("P1").terms == FUND
    assert work.products.get("P2").terms.placement is Placement.PRIVATE
    assert work.products.get("P2").rating.effective_level is Level.R4


@pytest.mark.parametrize(
    ("kind", "placement"),
    [
        (Kind.PUBLIC_FUND, Placement.PUBLIC),
        (Kind.BANK_WEALTH, Placement.PUBLIC),
        (Kind.INSURANCE, Placement.PUBLIC),
        (Kind.PRIVATE_FUND, Placement.PRIVATE),
        (Kind.COLLECTIVE_TRUST, Placement.PRIVATE),
        (Kind.SECURITIES_AM_PLAN, Placement.PRIVATE),
    ],
)
def test_usual_placement(kind: Kind, placement: Placement) -> None:
    assert usual_placement(kind) is placement
