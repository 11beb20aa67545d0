"""A book becomes customers with what they hold, once."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from chassis.errors import Forbidden, Invalid
from services.customer.domain.events import (
    BookReceived,
    BookRefused,
    CatalogueImported,
    CustomerOnboarded,
    HoldingsChanged,
    TransactionsRecorded,
)
from services.customer.domain.facts import FactsSource
from services.customer.domain.household import Relation
from services.customer.domain.importing import ImportState
from services.customer.usecases.apply_import import ApplyImport, apply_import
from services.customer.usecases.settle_sale import SettleSale, settle_sale
from tests.customer.unit.books import PRODUCT, TODAY, book_of
from tests.customer.unit.fakes import FakeWork
from tests.customer.unit.imports import (
    BOOK,
    HOLDING,
    TRADE,
    Apply,
    kinds,
    result,
    start,
)
from tests.customer.unit.people import NOON


def test_a_received_book_waits_for_the_event_that_applies_it(office: FakeWork) -> None:
    start(office, "i-1")

    assert office.announced == [BookReceived("i-1", "s-ops", NOON)]
    assert office.imports.get("i-1").state is ImportState.RECEIVED


def test_not_everybody_may_import_and_nobody_nothing(office: FakeWork) -> None:
    with pytest.raises(Forbidden):
        start(office, "i-1", roles=frozenset({"adviser"}))
    with pytest.raises(Invalid):
        start(office, "i-1", content=b"")


def test_a_book_becomes_customers_with_what_they_hold(office: FakeWork, apply: Apply) -> None:
    done = apply(BOOK)

    assert done.state is ImportState.APPLIED
    assert (result(done).customers_created, result(done).aum) == (2, Decimal("105000.00"))
    assert kinds(office) == [
        "CatalogueImported",
        "CustomerOnboarded",
        "CustomerOnboarded",
        "HoldingsChanged",
        "TransactionsRecorded",
        "BookApplied",
    ]
    (link,) = office.households.rows.values()
    assert (link.customer_id, link.member_id, link.relation) == ("c-1", "c-2", Relation.SPOUSE)


def test_an_imported_customer_brings_facts_and_level(office: FakeWork, apply: Apply) -> None:
    apply(BOOK)

    onboarded = office.announced[1]
    assert isinstance(onboarded, CustomerOnboarded)
    assert (onboarded.customer_no, onboarded.risk_level, onboarded.source) == ("K1", "C2", "import")
    assert onboarded.facts.source is FactsSource.IMPORT
    assert office.customers.facts[0].facts == onboarded.facts


def test_importing_twice_changes_nothing(office: FakeWork, apply: Apply) -> None:
    apply(BOOK)
    versions = {each: row.version for each, row in office.customers.rows.items()}

    done = apply(BOOK)

    assert kinds(office) == ["BookApplied"]
    assert (result(done).customers_unchanged, result(done).customers_updated) == (2, 0)
    assert {each: row.version for each, row in office.customers.rows.items()} == versions
    assert len(office.transactions.rows) == len(office.households.rows) == 1


def test_an_import_that_was_applied_is_not_applied_again(
    office: FakeWork, apply: Apply, new_id: Callable[[], str]
) -> None:
    done = apply(BOOK)
    office.announced.clear()

    apply_import(ApplyImport(import_id=done.import_id, new_id=new_id, today=TODAY, at=NOON), office)

    assert office.announced == []


def test_an_unreadable_book_is_refused_with_the_reason(office: FakeWork, apply: Apply) -> None:
    done = apply({"说明": [("nothing here",)]})

    assert done.state is ImportState.REFUSED
    assert done.reason is not None
    assert "客户信息" in done.reason.zh
    assert office.announced == [BookRefused("i-1", "sheet_missing", NOON)]
    assert office.imports.files == {}


def test_a_changed_holding_is_announced_as_it_is_now(office: FakeWork, apply: Apply) -> None:
    apply(BOOK)

    done = apply(book_of(holdings=[("K1", "P1", "10万", 99000.0)], transactions=[TRADE]))

    holdings = office.announced[0]
    assert isinstance(holdings, HoldingsChanged)
    assert [holding.market_value for holding in holdings.holdings] == [Decimal("99000.00")]
    assert (result(done).customers_updated, result(done).customers_unchanged) == (1, 1)


def test_a_holding_the_next_book_no_longer_has_is_empty(office: FakeWork, apply: Apply) -> None:
    apply(BOOK)

    apply(book_of(transactions=[TRADE]))

    assert office.portfolios.rows["c-1"].aum == 0


def test_a_holding_the_next_book_has_illegibly_stays(office: FakeWork, apply: Apply) -> None:
    apply(BOOK)

    apply(book_of(holdings=[("K1", "P1", "?", 1.0)], transactions=[TRADE]))

    assert office.portfolios.rows["c-1"].aum == 105_000


def test_a_book_never_touches_the_lot_of_a_sale(office: FakeWork, apply: Apply) -> None:
    apply(BOOK)
    settle_sale(
        SettleSale(
            sale_id="1",
            customer_id="c-1",
            product_id="P1",
            amount=Decimal(5000),
            units=Decimal(5000),
            confirmed_on=TODAY,
            at=NOON,
        ),
        office,
    )

    apply(BOOK)

    assert kinds(office) == ["BookApplied"]
    assert office.portfolios.rows["c-1"].aum == 110_000


def test_only_new_transactions_are_recorded(office: FakeWork, apply: Apply) -> None:
    apply(BOOK)
    second = ("2026-02-05", "K1", "P1", "赎回", "1万")

    apply(book_of(holdings=[HOLDING], transactions=[second, TRADE]))

    recorded = office.announced[0]
    assert isinstance(recorded, TransactionsRecorded)
    assert [each.amount for each in recorded.transactions] == [Decimal("10000.00")]


def test_only_products_nobody_knows_are_announced(office: FakeWork, apply: Apply) -> None:
    apply(BOOK)

    apply({**BOOK, "产品": [*BOOK["产品"], ("P2", *PRODUCT[1:])]})

    catalogue = office.announced[0]
    assert isinstance(catalogue, CatalogueImported)
    assert [product.product_id for product in catalogue.products] == ["P2"]
