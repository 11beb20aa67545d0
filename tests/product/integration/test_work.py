"""What every ProductWork must do, the fake included."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chassis.database import begin, engine
from chassis.errors import Conflict, NotFound
from services.product.adapters.database import SqlProductWork
from services.product.domain.nav import NavPoint
from services.product.domain.product import Product
from services.product.domain.rating import Level, Rating
from services.product.domain.terms import (
    AssetClass,
    InsuranceDesign,
    InsuranceLine,
    InsuranceTerms,
    Kind,
    Placement,
    ScriptNode,
    Terms,
)
from services.product.usecases.ports import ProductWork
from tests.product.unit.fakes import fake_begin

Begin = Callable[[], AbstractContextManager[ProductWork]]

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
POLICY = Terms(
    name="安心终身寿险",
    kind=Kind.INSURANCE,
    placement=Placement.PUBLIC,
    asset_class=AssetClass.FIXED_INCOME,
    minimum_amount=Decimal("1000.50"),
    matures_on=date(2046, 1, 1),
    cooling_off_hours=360,
    insurance=InsuranceTerms(InsuranceLine.LIFE, InsuranceDesign.PARTICIPATING, 20, 10),
    script=(ScriptNode("risks", "风险揭示", "Risks", "收益不确定", True),),
)


@pytest.fixture(params=["fake", "sql"])
def work(request: pytest.FixtureRequest) -> Iterator[Begin]:
    if request.param == "fake":
        yield fake_begin()
        return
    bound = engine(request.getfixturevalue("create_database")("product_work"))
    from chassis.migrations import migrate
    from services.product.bootstrap import SERVICE

    migrate(bound.url.render_as_string(hide_password=False), SERVICE.migrations)
    yield begin(bound, SqlProductWork)
    bound.dispose()


def product(product_id: str = "P1") -> Product:
    return Product(
        product_id, POLICY, Rating(Level.R2, Level.R3), NOON, NavPoint(Decimal("1.05"), NOON.date())
    )


def test_a_committed_product_is_found_as_it_was(work: Begin) -> None:
    with work() as first:
        first.products.add(product())
        first.commit()

    with work() as second:
        found = second.products.get("P1")
    assert vars(found) == vars(product()) | {"version": 1}


def test_an_uncommitted_product_is_not_found(work: Begin) -> None:
    with work() as first:
        first.products.add(product())

    with work() as second, pytest.raises(NotFound):
        second.products.get("P1")


def test_a_saved_product_is_a_version_further(work: Begin) -> None:
    with work() as first:
        first.products.add(product())
        first.commit()

    with work() as second:
        changed = second.products.get("P1")
        changed.terms = replace(POLICY, name="安心终身寿险（2026）", insurance=None)
        second.products.save(changed)
        second.commit()

    with work() as third:
        found = third.products.get("P1")
    assert (found.version, found.terms.name) == (2, "安心终身寿险（2026）")
    assert found.terms.insurance is None


def test_of_two_who_read_the_same_version_the_second_is_refused(work: Begin) -> None:
    with work() as first:
        first.products.add(product())
        first.commit()
    with work() as reader:
        one, other = reader.products.get("P1"), reader.products.get("P1")

    with work() as second:
        second.products.save(one)
        second.commit()

    with work() as third, pytest.raises(Conflict):
        third.products.save(other)


def test_a_message_is_new_only_once(work: Begin) -> None:
    with work() as first:
        assert not first.already_handled("m-1")
        first.commit()

    with work() as second:
        assert second.already_handled("m-1")


def test_a_message_of_failed_work_stays_new(work: Begin) -> None:
    with work() as first:
        assert not first.already_handled("m-1")

    with work() as second:
        assert not second.already_handled("m-1")
