"""Sparse answers."""

import pytest

from gateway.fields import MEDIA_TYPE
from gateway.routes import OPERATIONS
from liheng.workflow.v1 import workflow_pb2 as pb
from tests.gateway.cases.leads import LEAD
from tests.gateway.conformity import DOCUMENTED
from tests.gateway.conftest import Ask
from tests.gateway.fakes import Answers


@pytest.fixture(autouse=True)
def leads(answers: Answers) -> None:
    answers.given["GetLead"] = pb.GetLeadResponse(lead=LEAD)
    answers.given["ListLeads"] = pb.ListLeadsResponse(leads=[LEAD], next_cursor="n")


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ("state", {"state": "contacted"}),
        ("state,version", {"state": "contacted", "version": 2}),
        ("contacts.by,contacts.note", {"contacts": [{"by": "s-1", "note": None}]}),
        ("contacts.by,contacts.by", {"contacts": [{"by": "s-1"}]}),
    ],
)
def test_only_the_fields_wanted_are_shown(fields: str, shown: object, ask: Ask) -> None:
    answer = ask("GET", f"/leads/l-1?fields={fields}")

    assert answer.json() == shown
    assert answer.headers["content-type"] == MEDIA_TYPE


@pytest.mark.parametrize("fields", ["contacts,contacts.by", "contacts.by,contacts"])
def test_the_whole_of_something_is_more_than_a_part_of_it(fields: str, ask: Ask) -> None:
    whole = ask("GET", "/leads/l-1").json()

    answer = ask("GET", f"/leads/l-1?fields={fields}")

    assert answer.json() == {"contacts": whole["contacts"]}


def test_of_a_list_the_fields_of_its_items_are_wanted(ask: Ask) -> None:
    answer = ask("GET", "/leads?fields=lead_id&limit=5")

    assert answer.json() == {"items": [{"lead_id": "l-1"}], "next": "n"}


def test_what_is_wanted_stays_with_the_gateway(ask: Ask, answers: Answers) -> None:
    ask("GET", "/leads?fields=lead_id&state=new")

    assert answers.last.request == pb.ListLeadsRequest(state="new")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ("nothing", "nothing"),
        ("state,contacts.soul", "contacts.soul"),
        ("state.deeper", "state.deeper"),
        ("contacts.by.deeper", "contacts.by.deeper"),
        ("__class__", ""),
        ("state,,version", ""),
        ("", ""),
        ("state%00", ""),
    ],
)
def test_a_field_that_there_is_not_is_refused_by_name(
    fields: str, named: str, ask: Ask, answers: Answers
) -> None:
    answer = ask("GET", f"/leads/l-1?fields={fields}", headers={"Accept-Language": "en"})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["location"], error["field"]) == (422, "query", "fields")
    assert named in error["detail"]
    assert answers.calls == []


def test_every_read_takes_fields_and_says_so() -> None:
    for operation in OPERATIONS:
        if operation.reads and operation.shows:
            told = DOCUMENTED["paths"][operation.path]["get"]
            assert "fields" in [one["name"] for one in told["parameters"]], operation.name
            assert MEDIA_TYPE in told["responses"]["200"]["content"]
