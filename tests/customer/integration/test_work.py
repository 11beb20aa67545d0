"""What every CustomerWork must do, the fake included."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from chassis.database import engine
from chassis.errors import Conflict, NotFound
from services.customer.domain.book.problems import IDENTITY_MISSING, Note, Problem, Severity
from services.customer.domain.customer import Customer, Origin, Person, RiskLevel, State
from services.customer.domain.facts import Capacity, Facts, FactsSource, FactsVersion, LegalKind
from services.customer.domain.household import FamilyLink, Relation
from services.customer.domain.identity_number import Sex
from services.customer.domain.importing import Import, ImportState
from services.customer.domain.kyc import Kyc, KycRecord, KycState
from services.customer.domain.portfolio import Lot, Portfolio, Transaction, TransactionKind
from services.customer.domain.staff import Assignment
from tests.customer.integration.stores import Begin, emptied, migrated, sql_begin
from tests.customer.unit.books import identity
from tests.customer.unit.fakes import fake_begin
from tests.customer.unit.people import ANSWERS, NOON, TODAY, WANG

FACTS = Facts(
    born_on=date(1961, 7, 30),
    kind=LegalKind.PERSON,
    financial_assets=Decimal("5000000.00"),
    investing_years=8,
    capacity=Capacity.FULL,
    guardian_consent=False,
    as_of=TODAY,
    source=FactsSource.KYC,
)
LOT = Lot("book:K1", "P1", Decimal("1000.5"), Decimal("1050.25"), TODAY)
TRADE = Transaction(
    "t-1", "c-1", "P1", TransactionKind.SUBSCRIBE, Decimal("1000.00"), date(2026, 1, 5)
)


@pytest.fixture(scope="module")
def bound(create_database: Callable[[str], str]) -> Iterator[sa.Engine]:
    bound = engine(migrated(create_database("customer_work")))
    yield bound
    bound.dispose()


@pytest.fixture(params=["fake", "sql"])
def work(request: pytest.FixtureRequest) -> Begin:
    if request.param == "fake":
        return fake_begin()
    bound: sa.Engine = request.getfixturevalue("bound")
    emptied(bound)
    return sql_begin(bound)


def customer(customer_id: str = "c-1", serial: int = 1, numbers: tuple[str, ...] = ()) -> Customer:
    return Customer(
        customer_id=customer_id,
        state=State.CUSTOMER,
        person=Person(
            name="林安达",
            phone="13800138000",
            identity_number=identity(serial),
            sex=Sex.MALE,
            born_on=date(1961, 7, 30),
            wechat="linanda",
            address="浙江省杭州市文三路1号",
        ),
        origin=Origin("campaign", "autumn", "l-1", "s-leader"),
        created_at=NOON,
        updated_at=NOON,
        numbers=numbers,
        tags=("企业主", "转介绍"),
        assignment=Assignment("s-wang", "t-hangzhou", "b-hangzhou"),
        assignment_sequence=7,
        kyc=Kyc(
            kyc_id="kyc-1",
            state=KycState.APPROVED,
            submitted_by="s-wang",
            submitted_at=NOON,
            reviewed_by="s-review",
            reviewed_at=NOON,
            expires_on=date(2027, 11, 23),
        ),
        facts=FACTS,
        risk=RiskLevel("C3", date(2027, 1, 1), 9),
    )


def add(work: Begin, *customers: Customer) -> None:
    with work() as adding:
        adding.customers.add(*customers)
        adding.commit()


def test_a_committed_customer_is_found_as_they_were(work: Begin) -> None:
    add(work, customer(numbers=("K1", "K1B")))

    with work() as second:
        found = second.customers.get("c-1")
    assert vars(found) == vars(customer(numbers=("K1", "K1B"))) | {"version": 1}


def test_an_uncommitted_customer_is_not_found(work: Begin) -> None:
    with work() as first:
        first.customers.add(customer())

    with work() as second, pytest.raises(NotFound):
        second.customers.get("c-1")


def test_a_prospect_needs_no_more_than_a_name(work: Begin) -> None:
    bare = Customer(
        customer_id="c-1",
        state=State.PROSPECT,
        person=Person(name="林安达"),
        origin=Origin("walk_in"),
        created_at=NOON,
        updated_at=NOON,
    )
    other = replace(bare, customer_id="c-2")

    add(work, bare, other)

    with work() as second:
        assert vars(second.customers.get("c-1")) == vars(bare)


def test_of_two_who_read_the_same_version_the_second_is_refused(work: Begin) -> None:
    add(work, customer())
    with work() as reader:
        one, other = reader.customers.get("c-1"), reader.customers.get("c-1")

    with work() as second:
        second.customers.save(one)
        second.commit()

    with work() as third, pytest.raises(Conflict):
        third.customers.save(other)


def test_a_customer_gains_numbers_and_keeps_their_order(work: Begin) -> None:
    add(work, customer(numbers=("K1",)))

    with work() as second:
        found = second.customers.get("c-1")
        found.add_numbers(["K9", "K1"])
        second.customers.save(found)
        second.commit()

    with work() as third:
        assert third.customers.get("c-1").numbers == ("K1", "K9")


def test_customers_are_found_by_identity_number(work: Begin) -> None:
    add(work, customer(), customer("c-2", 2))

    with work() as second:
        found = second.customers.by_identity([identity(2), identity(3)])
        nobody = second.customers.by_identity([])

    assert {number: each.customer_id for number, each in found.items()} == {identity(2): "c-2"}
    assert nobody == {}


def test_numbers_tell_whose_they_are(work: Begin) -> None:
    add(work, customer(numbers=("K1", "K1B")))

    with work() as second:
        holders = second.customers.holders({"K1B", "K404"})

    assert holders == {"K1B": identity(1)}


def test_kyc_records_and_facts_are_kept(work: Begin) -> None:
    add(work, customer())

    with work() as second:
        for state, answers in ((KycState.SUBMITTED, ANSWERS), (KycState.APPROVED, None)):
            kyc = replace(customer().kyc, state=state)
            second.customers.keep_kyc(KycRecord(customer_id="c-1", kyc=kyc, answers=answers))
        second.customers.keep_facts([FactsVersion("c-1", FACTS, "s-wang", NOON)])
        second.customers.keep_facts([])
        second.commit()


def test_a_portfolio_is_found_as_it_was_saved(work: Begin) -> None:
    add(work, customer(), customer("c-2", 2))
    with work() as second:
        portfolio = second.portfolios.of(["c-1"])["c-1"]
        portfolio.put([LOT, replace(LOT, source="sale:1")])
        second.portfolios.save([portfolio])
        second.commit()

    with work() as third:
        found = third.portfolios.of(["c-1", "c-2"])

    assert {source for source, _ in found["c-1"].lots} == {"book:K1", "sale:1"}
    assert (found["c-1"].aum, found["c-2"].aum) == (Decimal("2100.50"), Decimal(0))
    assert found["c-1"].changed == []


def test_a_lot_is_overwritten_by_its_own_source(work: Begin) -> None:
    add(work, customer())
    for value in ("1050.25", "990.00"):
        with work() as changing:
            portfolio = changing.portfolios.of(["c-1"])["c-1"]
            portfolio.put([replace(LOT, market_value=Decimal(value))])
            changing.portfolios.save([portfolio])
            changing.commit()

    with work() as reader:
        assert reader.portfolios.of(["c-1"])["c-1"].aum == Decimal("990.00")


def test_nothing_changed_is_nothing_saved(work: Begin) -> None:
    with work() as first:
        first.portfolios.save([Portfolio("c-404")])
        first.households.link([])
        assert first.transactions.record([]) == []


def test_a_transaction_is_recorded_once(work: Begin) -> None:
    add(work, customer())
    other = replace(TRADE, transaction_id="t-2")

    with work() as second:
        first_time = second.transactions.record([TRADE])
        second.commit()
    with work() as third:
        again = third.transactions.record([TRADE, other])

    assert (first_time, again) == ([TRADE], [other])


def test_a_pair_of_a_family_is_linked_once(work: Begin) -> None:
    add(work, customer(), customer("c-2", 2))
    link = FamilyLink("c-1", "c-2", Relation.CHILD)

    for each in (link, link.reverse, link):
        with work() as linking:
            linking.households.link([each])
            linking.commit()


def test_the_register_finds_who_was_put(work: Begin) -> None:
    with work() as first:
        first.staff.put(WANG)
        first.staff.put(replace(WANG, name="王军"))
        first.commit()

    with work() as second:
        assert second.staff.all() == [replace(WANG, name="王军")]
        assert second.staff.find("s-404") is None


def test_a_product_keeps_its_newest_name(work: Begin) -> None:
    with work() as first:
        first.products.put({"P1": "Imported", "P2": "Other"}, sequence=0)
        first.products.put({"P1": "Listed"}, sequence=7)
        first.products.put({"P1": "Late"}, sequence=6)
        first.commit()

    with work() as second:
        assert second.products.known() == {"P1", "P2"}


def received(import_id: str = "i-1") -> Import:
    return Import(
        import_id=import_id,
        file_name="book.xlsx",
        digest="00ff",
        received_by="s-ops",
        received_at=NOON,
    )


def test_an_import_keeps_its_file_until_it_ends(work: Begin) -> None:
    with work() as first:
        first.imports.add(received(), b"PK book")
        first.commit()

    with work() as second:
        found = second.imports.get("i-1")
        assert second.imports.content("i-1") == b"PK book"
        found.refuse(Problem("not_a_workbook", "no book", "不是工作簿"), NOON)
        note = Note("客户信息", 4, "K1", Severity.REJECTED, IDENTITY_MISSING, "证件号码")
        second.imports.finish(found, [note, note])
        second.commit()

    with work() as third:
        ended = third.imports.get("i-1")
    assert (ended.state, ended.finished_at) == (ImportState.REFUSED, NOON)
    assert ended.reason == Problem("not_a_workbook", "no book", "不是工作簿")


def test_an_unknown_import_is_not_found(work: Begin) -> None:
    with work() as first, pytest.raises(NotFound):
        first.imports.get("i-404")


def test_a_message_is_new_only_once(work: Begin) -> None:
    with work() as first:
        assert not first.already_handled("m-1")
        first.commit()

    with work() as second:
        assert second.already_handled("m-1")
