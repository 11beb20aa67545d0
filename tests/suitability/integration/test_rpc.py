"""SuitabilityService on the real database, called as the gateway calls it."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.errors import Forbidden, Invalid, NotFound
from chassis.identity import Caller
from chassis.moments import moment
from chassis.scope import Reach
from liheng.suitability.v1 import suitability_pb2 as pb
from liheng.suitability.v1 import suitability_pb2_grpc
from services.suitability.adapters.packs import released_packs
from services.suitability.bootstrap import rpc as suitability_rpc
from services.suitability.config import SuitabilityConfig
from services.suitability.entrypoints.cli import VerifyReceipt
from tests.calling import CALLER_KEY, as_caller, refusal, served
from tests.suitability.integration.stage import ADVISER, CLIENT_APP, Stack
from tests.suitability.samples import QUESTIONNAIRE


@pytest.fixture(scope="module")
def server(postgres_url: Callable[[str], str]) -> Iterator[Stack]:
    stack = Stack(postgres_url("suitability"))
    config = SuitabilityConfig(
        database_url=stack.url,
        amqp_url="",
        rpc_address="127.0.0.1:0",
        caller_key=CALLER_KEY,
        licence="fund_distributor",
    )
    with served(suitability_rpc(config, stack.clock)) as channel:
        stack.stub = suitability_pb2_grpc.SuitabilityServiceStub(channel)
        yield stack


@pytest.fixture
def stack(server: Stack) -> Stack:
    server.now = datetime(2026, 11, 23, 4, tzinfo=UTC)
    return server


def test_the_questionnaire_does_not_say_what_an_answer_is_worth(stack: Stack) -> None:
    answer = stack.stub.GetQuestionnaire(
        pb.GetQuestionnaireRequest(), metadata=as_caller(CLIENT_APP)
    )

    assert answer.version == QUESTIONNAIRE.version
    assert len(answer.questions) == 11
    assert "score" not in str(answer)


def test_answers_become_a_profile(stack: Stack) -> None:
    stack.know("c-profile")

    profile = stack.assess("c-profile")

    assert (profile.risk_level, profile.risk_level_name_zh) == ("C3", "稳健型")
    assert (profile.assessed_on, profile.valid_until) == ("2026-11-23", "2027-11-23")
    assert (profile.state, profile.source) == ("current", "questionnaire")
    assert stack.announced("c-profile") == ["ProfileAssessed"]


def test_a_profile_expires_the_day_after_its_last(stack: Stack) -> None:
    stack.know("c-old")
    stack.assess("c-old")
    request = pb.GetRiskProfileRequest(customer_id="c-old")

    stack.now = datetime(2027, 11, 23, 4, tzinfo=UTC)
    last_day = stack.stub.GetRiskProfile(request, metadata=as_caller(ADVISER)).profile
    stack.now += timedelta(days=1)
    day_after = stack.stub.GetRiskProfile(request, metadata=as_caller(ADVISER)).profile

    assert (last_day.state, day_after.state) == ("current", "expired")


def test_staff_may_not_answer_for_the_client(stack: Stack) -> None:
    stack.know("c-staff")

    refused = refusal(lambda: stack.assess("c-staff", caller=ADVISER))

    assert isinstance(refused, Forbidden)
    assert refused.rule == "ASM-09"


def test_who_is_staff_and_the_clients_channel_at_once_answers_and_confirms_nothing(
    stack: Stack,
) -> None:
    stack.know("c-both")
    stack.assess("c-both")
    stack.assess("c-both", "highest")
    both = Caller("s-wangjun", frozenset({"adviser", "client_channel"}), reach=Reach.INSTITUTION)
    request = pb.ConfirmLevelRequest(customer_id="c-both", risk_level="C5")

    submitting = refusal(lambda: stack.assess("c-both", caller=both))
    confirming = refusal(lambda: stack.stub.ConfirmLevel(request, metadata=as_caller(both)))

    assert isinstance(submitting, Forbidden)
    assert isinstance(confirming, Forbidden)
    assert stack.announced("c-both") == ["ProfileAssessed", "ProfileAssessed"]


def test_a_client_who_was_never_assessed_has_no_profile(stack: Stack) -> None:
    request = pb.GetRiskProfileRequest(customer_id="c-nobody")

    refused = refusal(lambda: stack.stub.GetRiskProfile(request, metadata=as_caller(ADVISER)))

    assert isinstance(refused, NotFound)
    assert refused.code == "no_risk_profile"


def test_a_changed_level_is_confirmed_by_the_client(stack: Stack) -> None:
    stack.know("c-change")
    stack.assess("c-change")
    changed = stack.assess("c-change", "highest")
    request = pb.ConfirmLevelRequest(customer_id="c-change", risk_level="C5")

    confirmed = stack.stub.ConfirmLevel(request, metadata=as_caller(CLIENT_APP)).profile

    assert changed.reconfirmation_needed
    assert changed.previous_risk_level == "C3"
    assert not confirmed.reconfirmation_needed
    history = stack.stub.ListAssessments(
        pb.ListAssessmentsRequest(customer_id="c-change", limit=1), metadata=as_caller(ADVISER)
    )
    assert [one.risk_level for one in history.assessments] == ["C5"]
    assert history.next_cursor


def test_a_decision_explains_itself_and_its_receipt_can_be_verified(stack: Stack) -> None:
    stack.know("c-allow")
    stack.assess("c-allow")

    decision = stack.decide("c-allow", sale_id="sale-1")

    assert (decision.outcome, decision.regime, decision.state) == ("ALLOW", "CSRC", "valid")
    assert decision.decided_by == "s-wangjun"
    assert moment(decision.valid_until) == stack.now + timedelta(days=30)
    owed = {each.name: dict(each.parameters) for each in decision.obligations}
    assert owed["recording"] == {"video": "false"}
    mat = next(rule for rule in decision.rules if rule.rule_id == "MAT-03")
    assert mat.facts["customer.risk_level"] == "C3"
    assert mat.zh
    receipt = json.loads(decision.receipt_json)
    assert VerifyReceipt(released_packs).compare(receipt) == []
    assert stack.announced(decision.decision_id) == ["DecisionMade"]


def test_what_a_sale_still_needs_is_said(stack: Stack) -> None:
    stack.know("c-require", "P4", issuer_level="R4", seller_level="R4")
    stack.assess("c-require")

    decision = stack.decide("c-require", "P4")

    assert decision.outcome == "REQUIRE"
    assert decision.requires[0] == "mismatch_application"


def test_a_sale_that_staff_initiated_above_the_level_is_blocked(stack: Stack) -> None:
    stack.know("c-block", "P5", issuer_level="R5", seller_level="R5")
    stack.assess("c-block")

    decision = stack.decide("c-block", "P5", initiated_by="staff")

    assert decision.outcome == "BLOCK"
    assert "MAT-06" in [rule.rule_id for rule in decision.rules if rule.verdict == "BLOCK"]


def test_a_decision_goes_stale_with_the_level_and_expires_with_time(stack: Stack) -> None:
    stack.know("c-stale")
    stack.assess("c-stale")
    first = stack.decide("c-stale", sale_id="sale-2")
    stack.now += timedelta(days=1)
    stack.assess("c-stale", "lowest")
    request = pb.GetDecisionRequest(decision_id=first.decision_id)

    decision = stack.stub.GetDecision(request, metadata=as_caller(ADVISER)).decision

    assert (decision.state, decision.stale_reason_zh) == ("stale", "客户风险承受能力已变更")
    assert stack.announced(first.decision_id) == ["DecisionMade", "DecisionStale"]


def test_decisions_are_listed_newest_first(stack: Stack) -> None:
    stack.know("c-list")
    made = [stack.decide("c-list").decision_id for _ in range(3)]
    request = pb.ListDecisionsRequest(customer_id="c-list", limit=2)

    first = stack.stub.ListDecisions(request, metadata=as_caller(ADVISER))
    request.cursor = first.next_cursor
    second = stack.stub.ListDecisions(request, metadata=as_caller(ADVISER))

    listed = [each.decision_id for each in (*first.decisions, *second.decisions)]
    assert listed == made[::-1]
    assert not second.next_cursor
    assert not first.decisions[0].receipt_json


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": "-1"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"channel": "pigeon"}, "channel"),
        ({"steps": ["sign"]}, "steps"),
        ({"initiated_by": "nobody"}, "initiated_by"),
    ],
)
def test_what_cannot_be_read_is_refused(stack: Stack, changes: dict[str, Any], field: str) -> None:
    stack.know("c-bad")

    refused = refusal(lambda: stack.decide("c-bad", **changes))

    assert isinstance(refused, Invalid)
    assert refused.field == field


def test_an_unknown_client_is_not_found(stack: Stack) -> None:
    stack.know("c-known")

    assert isinstance(refusal(lambda: stack.decide("c-unknown")), NotFound)
    assert isinstance(refusal(lambda: stack.decide("c-known", "P-unknown")), NotFound)


def eligible(stack: Stack, customer_id: str, caller: Caller = ADVISER, **said: Any) -> Any:
    request = pb.ListEligibleProductsRequest(customer_id=customer_id, **said)
    return stack.stub.ListEligibleProducts(request, metadata=as_caller(caller))


def test_eligible_products_are_paged_and_say_why_not(stack: Stack) -> None:
    for product_id, level in (("E1", "R1"), ("E2", "R5"), ("E3", "R2")):
        stack.know("c-eligible", product_id, issuer_level=level, seller_level=level)
    stack.assess("c-eligible")

    found: dict[str, pb.EligibleProduct] = {}
    cursor, pages = "", 0
    while cursor or not pages:
        page = eligible(stack, "c-eligible", outcome="any", amount="5000", limit=1, cursor=cursor)
        found |= {one.product_id: one for one in page.products}
        cursor, pages = page.next_cursor, pages + 1

    assert pages == len(found) >= 3
    assert (found["E1"].outcome, list(found["E1"].reasons)) == ("ALLOW", [])
    assert found["E2"].outcome == "BLOCK"
    assert "MAT-06" in [reason.rule_id for reason in found["E2"].reasons]
    assert found["E3"].amount == "5000"


def test_an_eligible_list_of_a_client_of_somebody_else_does_not_exist(stack: Stack) -> None:
    stack.know("c-eligible-2", "E1")
    stranger = Caller("s-far", frozenset({"adviser"}), "t-9", "b-9", reach=Reach.OWN)

    theirs = refusal(lambda: eligible(stack, "c-eligible-2", stranger))
    nobodys = refusal(lambda: eligible(stack, "c-nobody", stranger))

    assert isinstance(theirs, NotFound)
    assert vars(theirs) == vars(nobodys)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"outcome": "perhaps"}, "outcome"),
        ({"channel": "pigeon"}, "channel"),
        ({"kind": "lottery"}, "kind"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1e9"}, "amount"),
        ({"limit": 201}, "limit"),
        ({"cursor": "made up"}, "cursor"),
        ({"cursor": "WyJvdGhlciIsICJQMSJd"}, "cursor"),
    ],
)
def test_an_eligible_list_that_cannot_be_read_is_refused(
    stack: Stack, said: dict[str, Any], field: str
) -> None:
    stack.know("c-eligible-3", "E1")

    error = refusal(lambda: eligible(stack, "c-eligible-3", **said))

    assert (type(error), error.field) == (Invalid, field)
