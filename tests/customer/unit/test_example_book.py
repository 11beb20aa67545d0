"""The example book against what a right import of it reaches."""

import json
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.customer.adapters.workbooks import ExcelFiles
from services.customer.domain.book.book import Book, clean
from services.customer.domain.book.problems import Severity

EXAMPLES = Path(__file__).parents[3] / "examples"
WHY = {
    "identity number check digit": "identity_check_digit",
    "identity number missing": "identity_missing",
    "birth date contradicts identity number": "birth_date_contradicts",
}


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / "client-book.truth.json").read_text())
    return found


@pytest.fixture(scope="module")
def book() -> Book:
    content = (EXAMPLES / "client-book.xlsx").read_bytes()
    return clean(ExcelFiles().read(content), date(2026, 11, 23))


def test_the_figures_are_reached(book: Book, truth: dict[str, Any]) -> None:
    assert len(book.customers) == truth["unique_customers"] == 1960
    assert book.duplicate_rows == truth["duplicate_rows"] == 55
    assert book.rejected_rows == len(truth["rejected"]) == 40
    assert len(book.products) == truth["products"] == 60
    assert book.holdings.rows == truth["holdings_of_accepted"] == 3904
    assert len(book.transactions.accepted) == truth["transactions_of_accepted"] == 8184
    assert len(book.family) == truth["family_links"] == 157


def test_assets_reconcile_to_the_cent(book: Book, truth: dict[str, Any]) -> None:
    assert book.aum == Decimal(truth["aum_of_accepted"]) == Decimal("10465571902.00")


def test_every_rejected_customer_is_named_with_the_right_reason(
    book: Book, truth: dict[str, Any]
) -> None:
    found = sorted(
        (note.customer_no, note.problem.code)
        for note in book.notes
        if note.sheet == "客户信息" and note.severity is Severity.REJECTED
    )

    assert found == sorted((row["no"], WHY[row["why"]]) for row in truth["rejected"])


def test_rejected_rows_carry_the_row_number_the_spreadsheet_shows(book: Book) -> None:
    rows = {note.customer_no: note.row for note in book.notes if note.sheet == "客户信息"}

    assert (rows["K700017"], rows["K700030"], rows["K701978"]) == (21, 34, 2058)


def test_rows_of_rejected_customers_are_counted_as_such(book: Book) -> None:
    codes = Counter((note.sheet, note.problem.code) for note in book.notes)

    assert codes["持仓", "customer_rejected"] == book.holdings.skipped == 3971 - 3904
    assert codes["交易流水", "customer_rejected"] == book.transactions.skipped == 8326 - 8184


def test_nothing_else_is_complained_about(book: Book) -> None:
    codes = {note.problem.code for note in book.notes}

    assert codes == {*WHY.values(), "customer_rejected"}


def test_every_sample_is_right_field_by_field(book: Book, truth: dict[str, Any]) -> None:
    persons = book.by_number
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for holding in book.holdings.accepted:
        sums[persons[holding.customer_no].customer_no] += holding.market_value

    for sample in truth["sample"]:
        customer = persons[sample["no"]]
        assert {
            "no": customer.customer_no,
            "name": customer.name,
            "id": customer.identity_number,
            "phone": customer.phone,
            "born": customer.born_on.isoformat(),
            "level": customer.level,
            "assessed": customer.assessed_on and customer.assessed_on.isoformat(),
            "adviser": customer.adviser,
        } == {key: value for key, value in sample.items() if key != "aum"}
        assert sums[sample["no"]] == Decimal(sample["aum"])


def test_merged_customers_keep_every_number(book: Book) -> None:
    merged = [customer for customer in book.customers if customer.aliases]

    assert len(merged) == 55
    assert all(customer.aliases == (f"{customer.customer_no}B",) for customer in merged)
