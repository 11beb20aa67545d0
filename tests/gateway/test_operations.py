"""Every operation: what is asked over REST reaches the service, and its answer is shown."""

import pytest

from chassis.errors import Conflict
from gateway.routes import OPERATIONS
from liheng.operations.v1.operations_pb2 import ListReplaysResponse, OrderReplayResponse
from liheng.workflow.v1.workflow_pb2 import CreateLeadResponse, Lead
from tests.gateway.cases import CASES, operations
from tests.gateway.cases.case import Case
from tests.gateway.conformity import BY_NAME, assert_conforms
from tests.gateway.conftest import Ask
from tests.gateway.fakes import Answers

TOLD_ELSEWHERE = {
    "get_me",
    "start_import",
    "create_lead",
    "listen",
    "list_trail",
    "list_trail_heads",
    "export_rehearsal_cases",
    "order_event_replay",
}
# In the gateway's own database: integration/test_webhooks.py.
OF_THE_GATEWAY = {
    "create_webhook",
    "list_webhooks",
    "get_webhook",
    "change_webhook",
    "remove_webhook",
    "disable_webhook",
    "enable_webhook",
    "rotate_secret",
    "send_test",
    "list_deliveries",
    "get_delivery",
    "replay_deliveries",
}


def test_no_operation_is_forgotten() -> None:
    told = {case.operation for case in CASES} | TOLD_ELSEWHERE | OF_THE_GATEWAY

    assert told == {operation.name for operation in OPERATIONS if not operation.batch_of}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.operation)
def test_an_operation_asks_its_service_and_shows_the_answer(
    case: Case, ask: Ask, answers: Answers
) -> None:
    answers.given[case.rpc] = case.answer
    method = BY_NAME[case.operation].method

    answer = ask(
        method, case.path, case.role, params=case.query, json=case.json, headers=case.headers
    )

    assert answer.status_code == case.status, answer.text
    assert (answers.last.method, answers.last.request) == (case.rpc, case.request)
    assert answers.last.caller.roles == {case.role}
    assert answer.headers.get("location", "") == case.location
    assert_conforms(case.operation, answer)
    shown = answer.json() if answer.content else {}
    assert shown | case.shows == shown


def test_a_replay_that_is_ordered_again_under_its_key_is_the_same(
    ask: Ask, answers: Answers
) -> None:
    answers.given["OrderReplay"] = OrderReplayResponse(replay=operations.REPLAY)
    wanted = {"queue": "warehouse", "types": ["liheng.customer.v1.KycApproved"], "first": 7}
    for key in ("a-replay-key-0001", "a-replay-key-0001", "a-replay-key-0002"):
        headers = {"Idempotency-Key": key}
        answer = ask(
            "POST", "/operations/customer/replays", "operations", json=wanted, headers=headers
        )
        assert answer.status_code == 202, answer.text
        assert_conforms("order_event_replay", answer)

    ids = [call.request.replay_id for call in answers.calls]
    assert ids[0] == ids[1] != ids[2]
    last = answers.last.request
    assert (last.queue, last.first, last.HasField("last")) == ("warehouse", 7, False)


def test_a_service_that_is_none_is_named_as_such(ask: Ask) -> None:
    answer = ask("GET", "/operations/gateway/dead-letters", "operations")

    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_service")
    assert "suitability" in answer.json()["detail"]


def test_a_broker_that_is_away_is_no_fault_of_the_service(ask: Ask, answers: Answers) -> None:
    answers.given["ListDeadLetters"] = Conflict("broker_away", "away", "暂时无法访问")
    for _ in range(8):
        answer = ask("GET", "/operations/customer/dead-letters", "operations")
        assert (answer.status_code, answer.json()["code"]) == (503, "broker_away")
        assert answer.headers["retry-after"]

    answers.given["ListReplays"] = ListReplaysResponse()
    assert ask("GET", "/operations/customer/replays", "operations").status_code == 200


def test_a_new_lead_is_a_prospect_first(ask: Ask, answers: Answers) -> None:
    answers.given["CreateLead"] = lambda asked: CreateLeadResponse(
        lead=Lead(lead_id=asked[0].lead_id, customer_id=asked[0].customer_id, state="new")
    )
    person = {"name": "林安达", "phone": "13800138000", "source": "campaign", "campaign": "秋季"}

    answer = ask("POST", "/leads", json=person)

    prospect, lead = answers.calls
    assert answer.status_code == 201
    assert (prospect.method, lead.method) == ("RegisterProspect", "CreateLead")
    assert (prospect.request.name, prospect.request.phone) == ("林安达", "13800138000")
    assert prospect.request.customer_id == lead.request.customer_id
    assert prospect.request.lead_id == lead.request.lead_id == answer.json()["lead_id"]
    assert (lead.request.source, lead.request.campaign) == ("campaign", "秋季")
    assert answer.headers["location"] == f"/v1/leads/{answer.json()['lead_id']}"
    assert_conforms("create_lead", answer)
