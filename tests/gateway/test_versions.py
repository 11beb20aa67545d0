"""Entity tags: what is known already is not sent again, what is stale is not changed."""

import pytest

from chassis.errors import Conflict
from chassis.versions import changed_meanwhile
from gateway.routes import OPERATIONS
from liheng.customer.v1 import customer_pb2
from liheng.workflow.v1 import workflow_pb2 as pb
from tests.gateway.cases.leads import LEAD
from tests.gateway.conftest import Ask
from tests.gateway.fakes import Answers

DROP = {"reason": "无意向"}
VERSIONED = {"get_customer", "get_lead", "get_sale", "get_recording", "get_product"}


@pytest.fixture(autouse=True)
def lead(answers: Answers) -> None:
    answers.given["GetLead"] = pb.GetLeadResponse(lead=LEAD)
    answers.given["DropLead"] = pb.DropLeadResponse(lead=LEAD)


def test_everything_with_a_version_has_a_tag_and_guards_its_changes() -> None:
    tagged = {operation.name for operation in OPERATIONS if operation.reads and operation.etag}
    guarded = {operation.name for operation in OPERATIONS if operation.guards}

    assert tagged >= VERSIONED
    assert guarded >= {"put_product", "drop_lead", "sign_sale", "approve_kyc", "seal_recording"}


def test_what_is_known_is_not_sent_again(ask: Ask, answers: Answers) -> None:
    tag = ask("GET", "/leads/l-1").headers["etag"]

    known = ask("GET", "/leads/l-1", headers={"If-None-Match": f'"other", W/{tag}'})
    anything = ask("GET", "/leads/l-1", headers={"If-None-Match": "*"})
    answers.given["GetLead"] = pb.GetLeadResponse(lead=pb.Lead(lead_id="l-1", version=2))
    changed = ask("GET", "/leads/l-1", headers={"If-None-Match": tag})

    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
    assert anything.status_code == 304
    assert changed.status_code == 200


def test_a_tag_is_of_what_is_shown(ask: Ask) -> None:
    whole, part = ask("GET", "/leads/l-1"), ask("GET", "/leads/l-1?fields=state")

    assert whole.headers["etag"].startswith('"2-')
    assert part.headers["etag"].startswith('"2-')
    assert whole.headers["etag"] != part.headers["etag"]


def test_the_version_seen_reaches_the_service(ask: Ask, answers: Answers) -> None:
    tag = ask("GET", "/leads/l-1").headers["etag"]

    answer = ask("POST", "/leads/l-1/drops", json=DROP, headers={"If-Match": tag})

    assert answers.last.metadata["if-match"] == "l-1:2"
    assert (answer.status_code, answer.headers["etag"]) == (201, '"2"')


def test_a_customer_guards_what_is_done_to_them(ask: Ask, answers: Answers) -> None:
    answers.given["ApproveKyc"] = customer_pb2.ApproveKycResponse()

    path = "/customers/c-1/kyc-approvals"
    ask("POST", path, "compliance", json={}, headers={"If-Match": '"7"'})

    assert answers.last.metadata["if-match"] == "c-1:7"


def test_a_stale_change_is_a_failed_precondition(ask: Ask, answers: Answers) -> None:
    answers.given["DropLead"] = changed_meanwhile()

    seen = ask("POST", "/leads/l-1/drops", json=DROP, headers={"If-Match": '"1"'})
    unseen = ask("POST", "/leads/l-1/drops", json=DROP)

    assert (seen.status_code, seen.json()["code"]) == (412, "changed_meanwhile")
    assert unseen.status_code == 409


def test_another_conflict_stays_one(ask: Ask, answers: Answers) -> None:
    answers.given["DropLead"] = Conflict("dropped", "dropped already", "已放弃")

    answer = ask("POST", "/leads/l-1/drops", json=DROP, headers={"If-Match": '"1"'})

    assert answer.status_code == 409
