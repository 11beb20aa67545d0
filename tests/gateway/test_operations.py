"""Every operation: what is asked over REST reaches the service, and its answer is shown."""

import pytest

from gateway.routes import OPERATIONS
from liheng.workflow.v1.workflow_pb2 import CreateLeadResponse, Lead
from tests.gateway.cases import CASES
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
