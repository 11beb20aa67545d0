from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import count

import pytest

from chassis.errors import Forbidden, Invalid
from services.customer.domain.book.cells import Workbook
from services.customer.domain.customer import State
from services.customer.domain.events import (
    AdviserChanged,
    BookApplied,
    BookReceived,
    BookRefused,
    CatalogueImported,
    CustomerOnboarded,
    HoldingsChanged,
    TransactionsRecorded,
)
from services.customer.domain.facts import Facts, FactsSource
from services.customer.domain.household import Relation
from services.customer.domain.importing import Import, ImportResult, ImportState
from services.customer.domain.staff import Assignment
from services.customer.usecases.apply_import import ApplyImport, apply_import
from services.customer.usecases.settle_sale import SettleSale, settle_sale
from services.customer.usecases.start_import import StartImport, start_import
from services.customer.usecases.submit_kyc import submit_kyc
from tests.customer.unit.books import ADA, BO, HEADER, PRODUCT, TODAY, book_of, identity
from tests.customer.unit.fakes import FakeWork, FakeWorkbooks
from tests.customer.unit.people import NOON, WANG, WITH_WANG, somebody, submission, submit

HOLDING = ("K1", "P1", "10万", 105000.0)
TRADE = ("2026-01-05", "K1", "P1", "申购", "10万")
BOOK = book_of(holdings=[HOLDING], transactions=[TRADE], family=[("K1", "配偶", "K2")])


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    work.staff.put(WANG)
    return work


@pytest.fixture
def new_id() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"c-{next(numbers)}"


Apply = Callable[[Workbook], Import]


@pytest.fixture
def apply(work: FakeWork, new_id: Callable[[], str]) -> Apply:
    """Import a book; what was announced before is forgotten."""
    numbers = count(1)

    def applied(workbook: Workbook) -> Import:
        import_id = f"i-{next(numbers)}"
        work.workbooks = FakeWorkbooks(workbook)
        start(work, import_id)
        work.announced.clear()
        apply_import(ApplyImport(import_id=import_id, new_id=new_id, today=TODAY, at=NOON), work)
        return work.imports.get(import_id)

    return applied


def start(work: FakeWork, import_id: str, **otherwise: object) -> None:
    command = StartImport(
        import_id=import_id,
        file_name="book.xlsx",
        content=b"book",
        by="s-ops",
        roles=frozenset({"operations"}),
        at=NOON,
    )
    start_import(replace(command, **otherwise), work)  # type: ignore[arg-type]


def result(done: Import) -> ImportResult:
    assert done.result is not None
    return done.result


def kinds(work: FakeWork) -> list[str]:
    return [type(event).__name__ for event in work.announced]


def codes(work: FakeWork, done: Import) -> list[str]:
    return [note.problem.code for note in work.imports.notes[done.import_id]]


def with_adviser(name: str, team: str = "") -> Workbook:
    rows = [(*HEADER, "理财顾问", "所属团队"), (*ADA, name, team)]
    return {**book_of(), "客户信息": rows}


def test_a_received_book_waits_for_the_event_that_applies_it(work: FakeWork) -> None:
    start(work, "i-1")

    assert work.announced == [BookReceived("i-1", "s-ops", NOON)]
    assert work.imports.get("i-1").state is ImportState.RECEIVED


def test_not_everybody_may_import_and_nobody_nothing(work: FakeWork) -> None:
    with pytest.raises(Forbidden):
        start(work, "i-1", roles=frozenset({"adviser"}))
    with pytest.raises(Invalid):
        start(work, "i-1", content=b"")


def test_a_book_becomes_customers_with_what_they_hold(work: FakeWork, apply: Apply) -> None:
    done = apply(BOOK)

    assert done.state is ImportState.APPLIED
    assert (result(done).customers_created, result(done).aum) == (2, Decimal("105000.00"))
    assert kinds(work) == [
        "CatalogueImported",
        "CustomerOnboarded",
        "CustomerOnboarded",
        "HoldingsChanged",
        "TransactionsRecorded",
        "BookApplied",
    ]
    (link,) = work.households.rows.values()
    assert (link.customer_id, link.member_id, link.relation) == ("c-1", "c-2", Relation.SPOUSE)


def test_an_imported_customer_brings_facts_and_level(work: FakeWork, apply: Apply) -> None:
    apply(BOOK)

    onboarded = work.announced[1]
    assert isinstance(onboarded, CustomerOnboarded)
    assert (onboarded.customer_no, onboarded.risk_level, onboarded.source) == ("K1", "C2", "import")
    assert onboarded.facts.source is FactsSource.IMPORT
    assert work.customers.facts[0].facts == onboarded.facts


def test_importing_twice_changes_nothing(work: FakeWork, apply: Apply) -> None:
    apply(BOOK)
    versions = {each: row.version for each, row in work.customers.rows.items()}

    done = apply(BOOK)

    assert kinds(work) == ["BookApplied"]
    assert (result(done).customers_unchanged, result(done).customers_updated) == (2, 0)
    assert {each: row.version for each, row in work.customers.rows.items()} == versions
    assert len(work.transactions.rows) == len(work.households.rows) == 1


def test_an_import_that_was_applied_is_not_applied_again(
    work: FakeWork, apply: Apply, new_id: Callable[[], str]
) -> None:
    done = apply(BOOK)
    work.announced.clear()

    apply_import(ApplyImport(import_id=done.import_id, new_id=new_id, today=TODAY, at=NOON), work)

    assert work.announced == []


def test_an_unreadable_book_is_refused_with_the_reason(work: FakeWork, apply: Apply) -> None:
    done = apply({"说明": [("nothing here",)]})

    assert done.state is ImportState.REFUSED
    assert done.reason is not None
    assert "客户信息" in done.reason.zh
    assert work.announced == [BookRefused("i-1", "sheet_missing", NOON)]
    assert work.imports.files == {}


def test_a_changed_holding_is_announced_as_it_is_now(work: FakeWork, apply: Apply) -> None:
    apply(BOOK)

    done = apply(book_of(holdings=[("K1", "P1", "10万", 99000.0)], transactions=[TRADE]))

    holdings = work.announced[0]
    assert isinstance(holdings, HoldingsChanged)
    assert [holding.market_value for holding in holdings.holdings] == [Decimal("99000.00")]
    assert (result(done).customers_updated, result(done).customers_unchanged) == (1, 1)


def test_a_holding_the_next_book_no_longer_has_is_empty(work: FakeWork, apply: Apply) -> None:
    apply(BOOK)

    apply(book_of(transactions=[TRADE]))

    assert work.portfolios.rows["c-1"].aum == 0


def test_a_holding_the_next_book_has_illegibly_stays(work: FakeWork, apply: Apply) -> None:
    apply(BOOK)

    apply(book_of(holdings=[("K1", "P1", "?", 1.0)], transactions=[TRADE]))

    assert work.portfolios.rows["c-1"].aum == 105_000


def test_a_book_never_touches_the_lot_of_a_sale(work: FakeWork, apply: Apply) -> None:
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
        work,
    )

    apply(BOOK)

    assert kinds(work) == ["BookApplied"]
    assert work.portfolios.rows["c-1"].aum == 110_000


def test_only_new_transactions_are_recorded(work: FakeWork, apply: Apply) -> None:
    apply(BOOK)
    second = ("2026-02-05", "K1", "P1", "赎回", "1万")

    apply(book_of(holdings=[HOLDING], transactions=[second, TRADE]))

    recorded = work.announced[0]
    assert isinstance(recorded, TransactionsRecorded)
    assert [each.amount for each in recorded.transactions] == [Decimal("10000.00")]


def test_only_products_nobody_knows_are_announced(work: FakeWork, apply: Apply) -> None:
    apply(BOOK)

    apply({**BOOK, "产品": [*BOOK["产品"], ("P2", *PRODUCT[1:])]})

    catalogue = work.announced[0]
    assert isinstance(catalogue, CatalogueImported)
    assert [product.product_id for product in catalogue.products] == ["P2"]


def test_the_advisers_own_team_counts(work: FakeWork, apply: Apply) -> None:
    done = apply(with_adviser("王俊", "北京部"))

    assert work.customers.get("c-1").assignment == WITH_WANG
    assert codes(work, done) == ["team_contradicts"]


def test_an_unknown_adviser_is_said_and_found_the_next_time(work: FakeWork, apply: Apply) -> None:
    first = apply(with_adviser("李雷"))
    work.staff.put(replace(WANG, staff_id="s-li", name="李雷"))

    second = apply(with_adviser("李雷"))

    assert (codes(work, first), codes(work, second)) == (["adviser_unknown"], [])
    to = Assignment("s-li", WANG.team_id, WANG.branch_id)
    assert work.announced[0] == AdviserChanged("c-1", to, "", NOON)


def test_two_advisers_of_one_name_are_not_guessed_at(work: FakeWork, apply: Apply) -> None:
    work.staff.put(replace(WANG, staff_id="s-wang-2"))

    assert codes(work, apply(with_adviser("王俊"))) == ["adviser_ambiguous"]


def test_a_book_corrects_what_nobody_confirmed(work: FakeWork, apply: Apply) -> None:
    apply(BOOK)
    moved = (*ADA[:5], "13900139000", *ADA[6:])

    done = apply(book_of([moved, BO], [HOLDING], [TRADE]))

    assert work.customers.get("c-1").person.phone == "13900139000"
    assert result(done).customers_updated == 1


def test_a_book_only_fills_gaps_once_a_kyc_was_submitted(work: FakeWork, apply: Apply) -> None:
    work.customers.add(somebody("c-9"))
    submit_kyc(submit("c-9", facts=Facts(investing_years=5, source=FactsSource.KYC)), work)

    done = apply(book_of([ADA]))

    customer = work.customers.get("c-9")
    assert result(done).customers_updated == 1
    assert (customer.customer_no, customer.person.phone) == ("K1", submission().person.phone)
    assert customer.facts.source is FactsSource.KYC


def test_a_prospect_in_a_book_becomes_a_customer(work: FakeWork, apply: Apply) -> None:
    prospect = somebody("c-9", State.PROSPECT)
    prospect.person = replace(prospect.person, identity_number=identity(1))
    work.customers.add(prospect)

    apply(book_of([ADA]))

    assert work.customers.get("c-9").state is State.CUSTOMER
    assert kinds(work) == ["CatalogueImported", "CustomerOnboarded", "BookApplied"]


def test_a_customer_number_of_somebody_else_on_file_is_rejected(
    work: FakeWork, apply: Apply
) -> None:
    apply(BOOK)

    done = apply(book_of([("K1", *BO[1:])], holdings=[HOLDING]))

    assert codes(work, done) == ["customer_number_taken", "customer_rejected"]
    assert (result(done).customers, result(done).skipped_holdings) == (0, 1)
    assert work.portfolios.rows["c-1"].aum == 105_000


def test_a_merged_customers_lots_are_kept_by_number(work: FakeWork, apply: Apply) -> None:
    rows = [ADA, ("K9", *ADA[1:])]

    apply(book_of(rows, [HOLDING, ("K9", "P1", 1.0, 1.0)]))

    assert work.customers.get("c-1").numbers == ("K1", "K9")
    assert {source for source, _ in work.portfolios.rows["c-1"].lots} == {"book:K1", "book:K9"}


def test_an_empty_book_is_applied_as_nothing(work: FakeWork, apply: Apply) -> None:
    done = apply(book_of([], products=[]))

    assert isinstance(work.announced[-1], BookApplied)
    assert (result(done).customers, result(done).aum) == (0, Decimal(0))
