"""Files that spreadsheets open."""

import csv
import io

import pytest

from chassis.errors import Forbidden
from gateway.tables import cell, line
from liheng.suitability.v1 import packs_pb2 as pb
from tests.gateway.conftest import Ask
from tests.gateway.fakes import Answers


def two_pages(asked: list[pb.ListRehearsalCasesRequest]) -> pb.ListRehearsalCasesResponse:
    if not asked[0].cursor:
        first = pb.RehearsalCase(number=1, customer_id="c-1", rules=["A-1", "B-2"], amount="7.5")
        return pb.ListRehearsalCasesResponse(cases=[first], next_cursor="second")
    second = pb.RehearsalCase(number=2, customer_id="=1+1", adviser_id="@s-1")
    return pb.ListRehearsalCasesResponse(cases=[second])


def test_all_pages_come_as_one_file(ask: Ask, answers: Answers) -> None:
    answers.given["ListRehearsalCases"] = two_pages

    answer = ask("GET", "/rehearsals/r-1/cases.csv", "compliance", params={"turn": "blocked"})

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="rehearsal-r-1.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["number"] for row in rows] == ["1", "2"]
    assert (rows[0]["rules"], rows[0]["amount"]) == ("A-1 B-2", "7.5")
    assert (rows[1]["customer_id"], rows[1]["adviser_id"]) == ("'=1+1", "'@s-1")
    assert [(call.request.turn, call.request.cursor) for call in answers.calls] == [
        ("blocked", ""),
        ("blocked", "second"),
    ]


def test_a_refusal_comes_instead_of_the_file(ask: Ask, answers: Answers) -> None:
    answers.given["ListRehearsalCases"] = Forbidden("no", "no", "不可")

    answer = ask("GET", "/rehearsals/r-1/cases.csv", "compliance")

    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "\rx"])
def test_nothing_is_taken_for_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell([text]) == f"'{text}"


def test_numbers_and_plain_text_stay() -> None:
    assert line([-1, "a-1", "林,安"]) == '-1,a-1,"林,安"\r\n'
