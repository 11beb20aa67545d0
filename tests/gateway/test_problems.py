"""What went wrong, told so that a caller and a program understand it."""

import grpc
import httpx
import pytest

from chassis.errors import Conflict, Fault, Forbidden, Invalid, NotFound, Refusal, RuleBroken
from gateway.problems import from_rpc
from gateway.sentences import preferred
from tests.gateway.conformity import assert_conforms
from tests.gateway.conftest import Ask
from tests.gateway.fakes import Answers

REFUSALS: list[tuple[Refusal, int]] = [
    (NotFound("no_such_customer", "There is no such customer", "没有这位客户"), 404),
    (Conflict("changed_meanwhile", "Changed meanwhile", "已被他人修改"), 409),
    (RuleBroken("own_customer_kyc", "Not your own", "不得审批本人提交", rule="AML-01"), 422),
    (Forbidden("not_your_team", "Not your team", "不属于您的团队"), 403),
    (Invalid("not_a_date", "born_on is not a date", "born_on 不是日期", field="born_on"), 422),
]


@pytest.mark.parametrize(("refusal", "status"), REFUSALS, ids=lambda it: getattr(it, "code", ""))
@pytest.mark.parametrize("language", ["zh-CN,zh;q=0.9", "en-GB"])
def test_a_refusal_is_told_in_the_callers_language(
    refusal: Refusal, status: int, language: str, ask: Ask, answers: Answers
) -> None:
    answers.given["ApproveKyc"] = refusal

    answer = ask(
        "POST",
        "/customers/c-1/kyc-approvals",
        "compliance",
        headers={"Accept-Language": language, "X-Request-Id": "request-0001"},
    )

    told = answer.json()
    chinese = language.startswith("zh")
    assert answer.status_code == told["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == ("zh" if chinese else "en")
    assert told["detail"] == (refusal.zh if chinese else refusal.en)
    assert told["code"] == refusal.code
    assert told["type"] == f"urn:liheng:problem:{refusal.code}"
    assert told.get("rule", "") == refusal.rule
    assert told["request_id"] == "request-0001"
    assert {error["field"] for error in told.get("errors", [])} == {refusal.field} - {""}
    assert_conforms("approve_kyc", answer)


def test_every_fault_of_an_input_is_told_at_its_place(ask: Ask, answers: Answers) -> None:
    refusal = Invalid("unreadable_input", "unreadable", "无法读取", field="customer.born_on")
    refusal.faults = (
        Fault("customer.born_on", "must be a date", "必须是日期"),
        Fault("request.amount", "must be above zero", "必须大于零"),
    )
    answers.given["TryDecision"] = refusal

    answer = ask("POST", "/trial-decisions", json={}, headers={"Accept-Language": "en"})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"location": "body", "field": "customer.born_on", "detail": "must be a date"},
        {"location": "body", "field": "request.amount", "detail": "must be above zero"},
    ]
    assert_conforms("try_decision", answer)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("fr", "zh"),
        ("en", "en"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("zh;q=0.5,en;q=0.9", "en"),
        ("EN;q=0.1, ZH-hant", "zh"),
        ("en;q=nonsense", "zh"),
        ("*", "zh"),
        (";;;,,", "zh"),
    ],
)
def test_the_better_liked_language_wins(header: str, language: str) -> None:
    assert preferred(header) == language


def test_a_fault_found_by_a_service_is_placed_where_it_was_asked(
    ask: Ask, answers: Answers
) -> None:
    answers.given["ListCustomers"] = Invalid("bad_cursor", "Not ours", "无效", field="cursor")

    answer = ask("GET", "/customers?cursor=zzz")

    assert answer.json()["errors"][0]["location"] == "query"


def test_a_bug_in_a_service_shows_nothing_of_it(ask: Ask, answers: Answers) -> None:
    answers.given["GetCustomer"] = ValueError("secret of the service")

    answer = ask("GET", "/customers/c-1", headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret" not in answer.text
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_slow_service_is_a_gateway_timeout() -> None:
    error = grpc.aio.AioRpcError(
        grpc.StatusCode.DEADLINE_EXCEEDED, grpc.aio.Metadata(), grpc.aio.Metadata()
    )

    problem = from_rpc(error, "customer", lambda field: "body")

    assert (problem.status, problem.code) == (504, "service_too_slow")


def test_a_stale_version_is_a_failed_precondition(ask: Ask, answers: Answers) -> None:
    answers.given["PutProduct"] = Conflict("changed_meanwhile", "Changed meanwhile", "已被修改")
    product = {"name": "稳健一号", "kind": "public_fund"}

    named = ask("PUT", "/products/P1", "operations", json=product, headers={"If-Match": '"3"'})
    unnamed = ask("PUT", "/products/P1", "operations", json=product)

    assert (named.status_code, named.json()["code"]) == (412, "changed_meanwhile")
    assert unnamed.status_code == 409


def test_an_address_nobody_lives_at(http: httpx.Client) -> None:
    for path in ("/v1/nothing", "/v1/customers/", "/", "/v1/customers/c-1/../../etc"):
        answer = http.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_address"), path


def test_a_method_the_address_does_not_know(ask: Ask) -> None:
    answer = ask("DELETE", "/customers/c-1/assessments")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))
