"""What every CustomerWork must do for portfolios and registers, the fake included."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chassis.errors import NotFound
from services.customer.domain.book.problems import IDENTITY_MISSING, Note, Problem, Severity
from services.customer.domain.household import FamilyLink, Relation
from services.customer.domain.importing import Import, ImportState
from services.customer.domain.portfolio import Lot, Portfolio, Transaction, TransactionKind
from tests.customer.integration.customers import add, customer
from tests.customer.integration.stores import Begin
from tests.customer.unit.people import NOON, TODAY, WANG

LOT = Lot("book:K1", "P1", Decimal("1000.5"), Decimal("1050.25"), TODAY)
TRADE = Transaction(
    "t-1", "c-1", "P1", TransactionKind.SUBSCRIBE, Decimal("1000.00"), date(2026, 1, 5)
)


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

    other_way = FamilyLink("c-2", "c-1", Relation.PARENT)

    for each in (link, other_way, link):
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
