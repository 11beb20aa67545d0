"""Many at once: an answer for each, in order."""

from typing import Any

import httpx
import pytest

from chassis.errors import NotFound
from gateway.batches import MOST
from gateway.routes import OPERATIONS
from liheng.workflow.v1 import workflow_pb2 as pb
from tests.gateway.conformity import assert_conforms
from tests.gateway.conftest import Ask
from tests.gateway.fakes import Answers

PATH = "/leads/assignments/batches"
KEY = {"Idempotency-Key": "a-batch-of-leads"}
EN = {"Accept-Language": "en"}


def assigning(*lead_ids: str) -> dict[str, Any]:
    return {"items": [{"lead_id": each, "adviser_id": "s-1"} for each in lead_ids]}


def assigned(messages: list[Any]) -> pb.AssignLeadResponse:
    lead_id = messages[0].lead_id
    if lead_id == "l-none":
        raise NotFound("no_such_lead", "there is no such lead", "没有这条线索")
    return pb.AssignLeadResponse(lead=pb.Lead(lead_id=lead_id, version=2))


@pytest.fixture(autouse=True)
def leads(answers: Answers) -> None:
    answers.given["AssignLead"] = assigned


def send(ask: Ask, body: object, **more: Any) -> httpx.Response:
    return ask("POST", PATH, "team_leader", json=body, **more)


def test_each_item_is_answered_in_its_place(ask: Ask) -> None:
    answer = send(ask, assigning("l-1", "l-none", "l-3"), headers=EN)

    first, second, third = answer.json()["items"]
    assert answer.status_code == 200
    assert (first["status"], first["body"]["lead_id"]) == (201, "l-1")
    assert (second["status"], second["problem"]["code"]) == (404, "no_such_lead")
    assert second["problem"]["detail"] == "there is no such lead"
    assert second["problem"]["request_id"] == answer.headers["x-request-id"]
    assert (third["status"], third["body"]["lead_id"]) == (201, "l-3")
    assert_conforms("assign_lead_batch", answer)


@pytest.mark.parametrize("bad", [{}, {"lead_id": "a b", "adviser_id": "s"}, "l-1", None, [], 7])
def test_a_fault_of_one_item_is_not_the_others(bad: object, ask: Ask) -> None:
    answer = send(ask, {"items": [bad, *assigning("l-1")["items"]]})

    faulty, good = answer.json()["items"]
    assert (faulty["status"], faulty["problem"]["code"]) == (422, "invalid_request")
    assert good["status"] == 201


@pytest.mark.parametrize("items", [[], None, {}, "x", [{}] * (MOST + 1)])
def test_a_batch_has_some_items_and_not_too_many(items: object, ask: Ask, answers: Answers) -> None:
    answer = send(ask, {"items": items})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["items"]
    assert answers.calls == []


def test_each_item_has_a_key_of_its_own(ask: Ask, answers: Answers) -> None:
    send(ask, assigning("l-1", "l-2"), headers=KEY)

    keys = {call.request.lead_id: call.metadata["idempotency-key"] for call in answers.calls}
    assert keys == {"l-1": "a-batch-of-leads.0", "l-2": "a-batch-of-leads.1"}


def test_things_made_in_a_batch_have_ids_of_their_own_and_keep_them(
    ask: Ask, answers: Answers
) -> None:
    person = {"name": "林安达", "phone": "13800138000", "source": "campaign"}

    for _ in range(2):
        ask("POST", "/leads/batches", json={"items": [person, person]}, headers=KEY)

    made = [c.request.lead_id for c in answers.calls if c.method == "CreateLead"]
    assert len(made) == 4
    assert len(set(made)) == 2


def test_a_batch_needs_the_permission_of_a_single_one(ask: Ask, answers: Answers) -> None:
    answer = ask("POST", PATH, "adviser", json=assigning("l-1"))

    assert answer.status_code == 403
    assert answers.calls == []


def test_items_are_done_in_their_order(ask: Ask, answers: Answers) -> None:
    done: list[str] = []

    def noted(messages: list[Any]) -> pb.AssignLeadResponse:
        done.append(messages[0].lead_id)
        return assigned(messages)

    answers.given["AssignLead"] = noted
    ids = [f"l-{number}" for number in range(40)]

    answer = send(ask, assigning(*ids))

    assert {item["status"] for item in answer.json()["items"]} == {201}
    assert done == ids


def test_what_is_sent_in_numbers_can_be_sent_in_batches() -> None:
    batches = {operation.batch_of for operation in OPERATIONS if operation.batch_of}

    assert batches >= {"create_lead", "assign_lead", "rate_product", "publish_nav", "update_facts"}
