"""A book meets what is on file already."""

from dataclasses import replace
from decimal import Decimal

from services.customer.domain.customer import State
from services.customer.domain.events import (
    AdviserChanged,
    BookApplied,
)
from services.customer.domain.facts import Facts, FactsSource
from services.customer.domain.staff import Assignment
from services.customer.usecases.submit_kyc import submit_kyc
from tests.customer.unit.books import ADA, BO, book_of, identity
from tests.customer.unit.fakes import FakeWork
from tests.customer.unit.imports import (
    BOOK,
    HOLDING,
    TRADE,
    Apply,
    codes,
    kinds,
    result,
    with_adviser,
)
from tests.customer.unit.people import NOON, WANG, WITH_WANG, somebody, submission, submit


def test_the_advisers_own_team_counts(office: FakeWork, apply: Apply) -> None:
    done = apply(with_adviser("王俊", "北京部"))

    assert office.customers.get("c-1").assignment == WITH_WANG
    assert codes(office, done) == ["team_contradicts"]


def test_an_unknown_adviser_is_said_and_found_the_next_time(office: FakeWork, apply: Apply) -> None:
    first = apply(with_adviser("李雷"))
    office.staff.put(replace(WANG, staff_id="s-li", name="李雷"))

    second = apply(with_adviser("李雷"))

    assert (codes(office, first), codes(office, second)) == (["adviser_unknown"], [])
    to = Assignment("s-li", WANG.team_id, WANG.branch_id)
    assert office.announced[0] == AdviserChanged("c-1", to, "", NOON)


def test_two_advisers_of_one_name_are_not_guessed_at(office: FakeWork, apply: Apply) -> None:
    office.staff.put(replace(WANG, staff_id="s-wang-2"))

    assert codes(office, apply(with_adviser("王俊"))) == ["adviser_ambiguous"]


def test_a_book_corrects_what_nobody_confirmed(office: FakeWork, apply: Apply) -> None:
    apply(BOOK)
    moved = (*ADA[:5], "13900139000", *ADA[6:])

    done = apply(book_of([moved, BO], [HOLDING], [TRADE]))

    assert office.customers.get("c-1").person.phone == "13900139000"
    assert result(done).customers_updated == 1


def test_a_book_only_fills_gaps_once_a_kyc_was_submitted(office: FakeWork, apply: Apply) -> None:
    office.customers.add(somebody("c-9"))
    submit_kyc(submit("c-9", facts=Facts(investing_years=5, source=FactsSource.KYC)), office)

    done = apply(book_of([ADA]))

    customer = office.customers.get("c-9")
    assert result(done).customers_updated == 1
    assert (customer.customer_no, customer.person.phone) == ("K1", submission().person.phone)
    assert customer.facts.source is FactsSource.KYC


def test_a_prospect_in_a_book_becomes_a_customer(office: FakeWork, apply: Apply) -> None:
    prospect = somebody("c-9", State.PROSPECT)
    prospect.person = replace(prospect.person, identity_number=identity(1))
    office.customers.add(prospect)

    apply(book_of([ADA]))

    assert office.customers.get("c-9").state is State.CUSTOMER
    assert kinds(office) == ["CatalogueImported", "CustomerOnboarded", "BookApplied"]


def test_a_customer_number_of_somebody_else_on_file_is_rejected(
    office: FakeWork, apply: Apply
) -> None:
    apply(BOOK)

    done = apply(book_of([("K1", *BO[1:])], holdings=[HOLDING]))

    assert codes(office, done) == ["customer_number_taken", "customer_rejected"]
    assert (result(done).customers, result(done).skipped_holdings) == (0, 1)
    assert office.portfolios.rows["c-1"].aum == 105_000


def test_a_merged_customers_lots_are_kept_by_number(office: FakeWork, apply: Apply) -> None:
    rows = [ADA, ("K9", *ADA[1:])]

    apply(book_of(rows, [HOLDING, ("K9", "P1", 1.0, 1.0)]))

    assert office.customers.get("c-1").numbers == ("K1", "K9")
    assert {source for source, _ in office.portfolios.rows["c-1"].lots} == {"book:K1", "book:K9"}


def test_an_empty_book_is_applied_as_nothing(office: FakeWork, apply: Apply) -> None:
    done = apply(book_of([], products=[]))

    assert isinstance(office.announced[-1], BookApplied)
    assert (result(done).customers, result(done).aum) == (0, Decimal(0))
