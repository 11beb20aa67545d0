"""Step 1: the institution's spreadsheet comes in."""

import json
from collections import Counter
from decimal import Decimal

from examples.journey.api import Json, Unexpected, until
from examples.journey.stage import ADMINISTRATOR, EXAMPLES, OPERATIONS, Stage

BOOK = EXAMPLES / "client-book.xlsx"
TRUTH = EXAMPLES / "client-book.truth.json"
INSTITUTION = EXAMPLES / "institution.json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def load_institution(stage: Stage) -> None:
    """The staff register: who advises whom, in which team."""
    administrator = stage.as_(ADMINISTRATOR)
    institution = json.loads(INSTITUTION.read_text())
    changed = 0
    for person in institution["staff"]:
        body = {name: person[name] for name in STAFF_FIELDS if name in person}
        changed += administrator.put(f"/v1/staff/{person['staff_id']}", body)["changed"]
    stage.tell(f"{len(institution['staff'])} members of staff, {changed} new or changed")


STAFF_FIELDS = ("name", "roles", "team_id", "team_name", "branch_id", "branch_name", "active")


def import_book(stage: Stage) -> Json:
    operations = stage.as_(OPERATIONS)
    started = operations.upload("/v1/imports", BOOK.name, BOOK.read_bytes(), XLSX)
    path = f"/v1/imports/{started['import_id']}"
    stage.tell("the book is received; cleaning, merging and keeping it")
    done = until("the import", lambda: finished(operations.get(path)), seconds=300)
    result = done["result"]
    rejected = operations.items(f"{path}/rejections", severity="rejected")
    tell_result(stage, result, rejected)
    compare_with_truth(result, rejected)
    stage.tell("all of it equals the truth file beside the book")
    return done


def finished(answer: Json) -> Json | None:
    if answer["state"] == "refused":
        raise Unexpected(f"the book was refused: {answer['reason_en']}")
    return answer if answer["state"] == "applied" else None


def tell_result(stage: Stage, result: Json, rejected: list[Json]) -> None:
    stage.tell(
        f"{result['customers']} customers ({result['customers_created']} new, "
        f"{result['customers_unchanged']} unchanged), "
        f"{result['duplicate_rows']} duplicate rows merged, {result['rejected_rows']} rejected"
    )
    stage.tell(
        f"{result['holdings']} holdings, {result['transactions']} transactions, "
        f"{result['family_links']} family links, AUM ¥{Decimal(result['aum']):,}"
    )
    customers = [row for row in rejected if row["code"] != "customer_rejected"]
    for code, count in Counter(row["code"] for row in customers).most_common():
        example = next(row for row in customers if row["code"] == code)
        stage.tell(
            f"✗ {count} × {example['en']}, such as sheet {example['sheet']} "
            f"row {example['row']} ({example['customer_no']})"
        )


def compare_with_truth(result: Json, rejected: list[Json]) -> None:
    truth = json.loads(TRUTH.read_text())
    expected = {
        "customers": truth["unique_customers"],
        "duplicate_rows": truth["duplicate_rows"],
        "rejected_rows": len(truth["rejected"]),
        "products": truth["products"],
        "holdings": truth["holdings_of_accepted"],
        "transactions": truth["transactions_of_accepted"],
        "family_links": truth["family_links"],
    }
    wrong = {name: result[name] for name, right in expected.items() if result[name] != right}
    if Decimal(result["aum"]) != Decimal(truth["aum_of_accepted"]):
        wrong["aum"] = result["aum"]
    missing = {row["no"] for row in truth["rejected"]} - {row["customer_no"] for row in rejected}
    if wrong or missing:
        raise Unexpected(f"the import differs from the truth file: {wrong or sorted(missing)}")
