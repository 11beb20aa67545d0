"""Idempotency keys reach the services with every call that a request makes."""

import grpc
import pytest

from liheng.workflow.v1.workflow_pb2 import CreateLeadResponse, Lead
from tests.gateway.conformity import DOCUMENTED
from tests.gateway.conftest import Ask
from tests.gateway.fakes import Answers

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
PERSON = {"name": "林安达", "phone": "13800138000", "source": "campaign"}


def keyed(key: str | bytes = KEY) -> dict[str, str | bytes]:
    return {"Idempotency-Key": key}


def test_every_post_takes_a_key_and_says_so() -> None:
    posts = [methods["post"] for methods in DOCUMENTED["paths"].values() if "post" in methods]

    for post in posts:
        headers = [one["name"] for one in post["parameters"] if one["in"] == "header"]
        assert "Idempotency-Key" in headers, post["operationId"]


@pytest.mark.parametrize("given", [KEY, f'"{KEY}"'], ids=["bare", "quoted"])
def test_the_key_is_passed_on(given: str, ask: Ask, answers: Answers) -> None:
    ask("POST", "/leads/l-1/drops", json={"reason": "x"}, headers=keyed(given))

    assert answers.last.metadata["idempotency-key"] == KEY


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 129, "a b c d e f", '"half-a-quote', "k-ключ"]
)
def test_a_key_that_cannot_be_one_is_refused(given: str, ask: Ask, answers: Answers) -> None:
    answer = ask("POST", "/leads/l-1/drops", json={"reason": "x"}, headers=keyed(given.encode()))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert answers.calls == []


def test_a_lead_sent_again_has_the_same_ids(ask: Ask, answers: Answers) -> None:
    answers.given["CreateLead"] = lambda asked: CreateLeadResponse(
        lead=Lead(lead_id=asked[0].lead_id, customer_id=asked[0].customer_id)
    )

    first, again, other, unkeyed = (
        ask("POST", "/leads", json=PERSON, headers=headers).json()
        for headers in (keyed(), keyed(), keyed("another-key"), {})
    )

    assert first == again
    assert first["lead_id"] != first["customer_id"]
    assert len({one["lead_id"] for one in (first, other, unkeyed)}) == 3
    assert [call.metadata.get("idempotency-key") for call in answers.calls[:2]] == [KEY, KEY]


def test_a_call_with_a_key_is_tried_again_when_the_service_was_away(
    ask: Ask, answers: Answers
) -> None:
    failures = iter([ConnectionError(), ConnectionError()])

    def answer(asked: object) -> CreateLeadResponse:
        for failure in failures:
            raise failure
        return CreateLeadResponse()

    answers.given["DropLead"] = answer

    kept = ask("POST", "/leads/l-1/drops", json={"reason": "x"}, headers=keyed())

    assert kept.status_code == 201
    assert [call.method for call in answers.calls] == ["DropLead"] * 3


def test_a_change_without_a_key_is_asked_once(ask: Ask, answers: Answers) -> None:
    answers.given["DropLead"] = ConnectionError()

    answer = ask("POST", "/leads/l-1/drops", json={"reason": "x"})

    assert answer.status_code == 503
    assert len(answers.calls) == 1


def test_what_was_refused_is_not_tried_again(ask: Ask, answers: Answers) -> None:
    answers.given["DropLead"] = LookupError("a bug")

    answer = ask("POST", "/leads/l-1/drops", json={"reason": "x"}, headers=keyed())

    assert answer.status_code == 500
    assert len(answers.calls) == 1
    assert grpc.StatusCode.INTERNAL.name not in answer.text
