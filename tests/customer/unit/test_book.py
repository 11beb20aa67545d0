"""What a book says of customers, holdings, transactions, family and products."""

import random
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.customer.domain.book.book import clean
from services.customer.domain.book.cells import Cell, Workbook
from services.customer.domain.household import Relation
from tests.customer.unit.books import (
    ADA,
    BO,
    PRODUCT,
    TODAY,
    book_of,
    cleaned,
    identity,
    problems,
)

BARE = ("P2", "启航", "私募", "", "", "", "")


def test_two_people_of_one_name_stay_two() -> None:
    namesake = ("K2", ADA[1], *BO[2:])

    book = cleaned(customers=[ADA, namesake])

    assert [customer.name for customer in book.customers] == [ADA[1], ADA[1]]
    assert book.duplicate_rows == 0


def test_one_person_in_two_rows_is_merged_and_gaps_are_filled() -> None:
    first = ("K1", "林爱达", "身份证", identity(1), "", "", "C2", "企业主")
    second = ("K9", "林 爱达", "身份证", f" {identity(1)}", "19610730", "13222791805", "", "退休")

    (customer,) = cleaned(customers=[first, second]).customers

    assert (customer.customer_no, customer.aliases) == ("K1", ("K9",))
    assert (customer.phone, customer.level, customer.tags) == (
        "13222791805",
        "C2",
        ("企业主", "退休"),
    )


def test_a_row_marked_as_duplicate_entry_does_not_survive() -> None:
    marked = ("K1B", "林爱达", "身份证", identity(1), "1961-07-30", "13222791805", "C2", "重复录入")

    (customer,) = cleaned(customers=[marked, ADA]).customers

    assert (customer.customer_no, customer.phone, customer.tags) == ("K1", ADA[5], ("企业主",))
    assert customer.aliases == ("K1B",)


def test_holdings_of_all_numbers_go_to_the_survivor() -> None:
    again = ("K9", *ADA[1:])
    book = cleaned(
        customers=[ADA, again], holdings=[("K1", "P1", 10.0, 100.0), ("K9", "P1", 5.0, "50.55")]
    )

    assert book.holdings.rows == 2
    assert book.aum == Decimal("150.55")
    assert {book.by_number[h.customer_no].customer_no for h in book.holdings.accepted} == {"K1"}


def test_a_customer_number_stays_with_its_first_holder() -> None:
    thief = ("K1", *BO[1:])

    book = cleaned(customers=[ADA, thief], holdings=[("K1", "P1", 1.0, 1.0)])

    assert [customer.name for customer in book.customers] == ["林爱达"]
    assert problems(book) == [(3, "rejected", "customer_number_repeated")]


def test_rows_of_rejected_and_unknown_customers_are_told_apart() -> None:
    rejected = ("K2", "孙博", "身份证", "", "", "", "", "")
    book = cleaned(
        customers=[ADA, rejected],
        holdings=[("K2", "P1", 1.0, 1.0), ("K3", "P1", 1.0, 1.0), ("", "P1", 1.0, 1.0)],
    )

    assert problems(book) == [
        (3, "rejected", "identity_missing"),
        (2, "rejected", "customer_rejected"),
        (3, "rejected", "customer_unknown"),
        (4, "rejected", "customer_number_missing"),
    ]
    assert book.holdings.skipped == 1


def test_a_holding_that_cannot_be_read_is_rejected_and_remembered() -> None:
    book = cleaned(
        holdings=[("K1", "P1", "many", 1.0), ("K2", "P1", 1.0, ""), ("K2", "P1", 1.0, -3.0)]
    )

    assert problems(book) == [
        (2, "rejected", "amount_unreadable"),
        (3, "rejected", "missing"),
        (4, "rejected", "amount_negative"),
    ]
    assert book.holdings.unreadable == {("K1", "P1"), ("K2", "P1")}


def test_a_product_held_in_two_rows_is_added_up_and_said() -> None:
    book = cleaned(holdings=[("K1", "P1", 1.0, 1.0), ("K1", "P1", 2.0, 2.0)])

    assert [(h.units, h.market_value) for h in book.holdings.accepted] == [(Decimal(3), Decimal(3))]
    assert problems(book) == [(3, "warning", "holding_repeated")]


def test_a_holding_of_a_product_nobody_listed_counts_and_is_said() -> None:
    book = cleaned(holdings=[("K1", "P404", 1.0, 1.0)])

    assert book.aum == 1
    assert problems(book) == [(2, "warning", "product_unknown")]


def test_equal_transactions_are_told_apart_by_their_occurrence() -> None:
    row = ("2026-01-05", "K1", "P1", "申购", "5万")

    book = cleaned(transactions=[row, row])

    assert [transaction.occurrence for transaction in book.transactions.accepted] == [1, 2]


def test_transactions_that_cannot_be_read_say_why() -> None:
    book = cleaned(
        transactions=[
            ("昨天", "K1", "P1", "申购", 1.0),
            ("2026-01-05", "K1", "P1", "兑换", 1.0),
            ("2026-01-05", "K1", "P1", "赎回", 0.0),
            ("2027-01-05", "K1", "P1", "分红", 1.0),
        ]
    )

    assert problems(book) == [
        (2, "rejected", "date_unreadable"),
        (3, "rejected", "transaction_kind_unknown"),
        (4, "rejected", "amount_zero"),
        (5, "warning", "date_in_future"),
    ]


def test_family_links_join_survivors_once() -> None:
    again = ("K9", *ADA[1:])
    book = cleaned(
        customers=[ADA, again, BO],
        family=[
            ("K9", "子女", "K2"),
            ("K2", "父母", "K1"),
            ("K1", "配偶", "K9"),
            ("K1", "?", "K404"),
        ],
    )

    (link,) = book.family
    assert (link.customer_no, link.member_no, link.relation) == ("K1", "K2", Relation.CHILD)
    assert [code for _, _, code in problems(book)] == [
        "family_repeated",
        "family_self",
        "customer_unknown",
    ]


def test_products_are_read_and_repeated_ones_rejected() -> None:
    book = cleaned(products=[PRODUCT, BARE, PRODUCT, ("P3", "神秘", "古董", "R9", "", "", "")])

    assert [(product.product_id, product.kind.value) for product in book.products] == [
        ("P1", "public_fund"),
        ("P2", "private_fund"),
    ]
    assert problems(book) == [
        (4, "rejected", "product_repeated"),
        (5, "rejected", "product_kind_unknown"),
    ]


def test_a_birth_date_is_taken_from_the_identity_number_when_it_cannot_be_read() -> None:
    odd = (*ADA[:4], "30/07/61", *ADA[5:])

    book = cleaned(customers=[odd])

    assert book.customers[0].born_on.isoformat() == "1961-07-30"
    assert problems(book) == [(2, "warning", "date_ambiguous")]


def test_a_title_says_what_its_amounts_are_counted_in() -> None:
    workbook = dict(book_of(holdings=[("K1", "P1", 1.0, 12.5)]))
    workbook["持仓"] = [
        ("客户编号", "产品代码", "持有份额", "参考市值（万元）"),
        *workbook["持仓"][1:],
    ]

    assert clean(workbook, TODAY).aum == 125_000


def mutated(workbook: Workbook, luck: random.Random) -> Workbook:
    """Any cell of any sheet below the header may become anything."""
    odd: list[Cell] = [
        "",
        "=1+1",
        "２０２６年",
        float("nan"),
        -1.0,
        1e300,
        TODAY,
        "长" * 600,
        "\x00",
        "K1",
        "合计",
    ]
    grids = {sheet: [list(row) for row in rows] for sheet, rows in workbook.items()}
    for rows in grids.values():
        for row in rows[1:]:
            row[luck.randrange(len(row))] = luck.choice(odd)
    return grids


@given(st.randoms(use_true_random=False))
def test_no_cell_can_break_the_cleaning(luck: random.Random) -> None:
    workbook = book_of(
        holdings=[("K1", "P1", 1.0, 1.0)] * 3,
        transactions=[("2026-01-05", "K1", "P1", "申购", 1.0)] * 3,
        family=[("K1", "配偶", "K2")],
    )

    book = clean(mutated(workbook, luck), TODAY)

    assert book.customer_rows == len(book.customers) + book.duplicate_rows + book.rejected_rows
    assert book.aum >= 0
