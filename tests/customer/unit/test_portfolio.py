from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.customer.domain.events import HoldingsChanged, TransactionsRecorded
from services.customer.domain.portfolio import Holding, Lot, Portfolio
from services.customer.usecases.settle_sale import SettleSale, settle_sale
from tests.customer.unit.fakes import FakeWork
from tests.customer.unit.people import NOON, TODAY, WITH_WANG, somebody

MONEY = st.decimals(0, 10**9, places=2)
LOTS = st.builds(
    Lot,
    st.sampled_from(["book:K1", "book:K2", "sale:1"]),
    st.sampled_from(["P1", "P2"]),
    MONEY,
    MONEY,
    st.just(TODAY),
)


def lot(source: str, units: int, value: int, product_id: str = "P1") -> Lot:
    return Lot(source, product_id, Decimal(units), Decimal(value), TODAY)


def test_lots_of_all_sources_add_up_to_a_holding() -> None:
    portfolio = Portfolio("c-1")

    portfolio.put([lot("book:K1", 10, 100), lot("sale:1", 5, 60)])

    assert portfolio.changed_holdings() == [Holding("P1", Decimal(15), Decimal(160), TODAY)]
    assert portfolio.aum == 160


def test_the_same_lot_again_changes_nothing_whatever_the_day() -> None:
    portfolio = Portfolio("c-1", {("book:K1", "P1"): lot("book:K1", 10, 100)})
    tomorrow = Lot("book:K1", "P1", Decimal("10.00"), Decimal(100), date(2026, 11, 24))

    portfolio.put([tomorrow])

    assert portfolio.changed_holdings() == []


@given(st.lists(LOTS), st.lists(LOTS))
def test_only_touched_products_change_and_the_total_is_the_sum(
    before: list[Lot], after: list[Lot]
) -> None:
    portfolio = Portfolio("c-1", {(each.source, each.product_id): each for each in before})

    portfolio.put(after)

    assert {holding.product_id for holding in portfolio.changed_holdings()} <= {
        each.product_id for each in after
    }
    assert portfolio.aum == sum(each.market_value for each in portfolio.lots.values())


def test_an_emptied_lot_leaves_nothing() -> None:
    portfolio = Portfolio("c-1", {("book:K1", "P1"): lot("book:K1", 10, 100)})

    portfolio.put([each.emptied(TODAY) for each in portfolio.of_source("book:K1")])

    assert portfolio.aum == 0


def sale(sale_id: str = "1") -> SettleSale:
    return SettleSale(
        sale_id=sale_id,
        customer_id="c-1",
        product_id="P1",
        amount=Decimal("100000.00"),
        units=Decimal("95238.09"),
        confirmed_on=TODAY,
        at=NOON,
    )


def test_a_confirmed_sale_becomes_a_lot_and_a_transaction() -> None:
    work = FakeWork()
    work.customers.add(somebody())

    settle_sale(sale(), work)

    holdings, recorded = work.announced
    assert isinstance(holdings, HoldingsChanged)
    assert isinstance(recorded, TransactionsRecorded)
    assert holdings.assignment == recorded.assignment == WITH_WANG
    assert holdings.holdings == [Holding("P1", Decimal("95238.09"), Decimal("100000.00"), TODAY)]
    assert recorded.transactions[0].amount == Decimal("100000.00")


def test_a_sale_settled_twice_changes_nothing() -> None:
    work = FakeWork()
    work.customers.add(somebody())

    settle_sale(sale(), work)
    settle_sale(sale(), work)

    assert len(work.announced) == 2
    assert work.portfolios.rows["c-1"].aum == 100_000


def test_a_second_sale_of_a_product_is_a_lot_of_its_own() -> None:
    work = FakeWork()
    work.customers.add(somebody())

    settle_sale(sale("1"), work)
    settle_sale(sale("2"), work)

    assert work.portfolios.rows["c-1"].aum == 200_000
