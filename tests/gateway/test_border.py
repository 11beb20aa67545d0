"""What every request passes on its way in and out."""

import httpx
import pytest

from tests.gateway.conftest import Ask
from tests.gateway.fakes import Answers

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_sane_request_id_is_kept_and_passed_on(ask: Ask, answers: Answers) -> None:
    answer = ask("GET", "/customers", headers={"X-Request-Id": "order-4711.a_b"})

    assert answer.headers["x-request-id"] == "order-4711.a_b"
    assert answers.last.metadata["x-request-id"] == "order-4711.a_b"


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "a b c d e f g", "<script>alert(1)"])
def test_any_other_is_replaced(given: str, ask: Ask) -> None:
    answer = ask("GET", "/me", headers={"X-Request-Id": given})

    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 36


def test_a_trace_is_continued_with_a_step_of_our_own(ask: Ask, answers: Answers) -> None:
    ask("GET", "/customers", headers={"traceparent": TRACE})

    version, trace, step, flags = answers.last.metadata["traceparent"].split("-")
    assert (version, trace, flags) == tuple(TRACE.split("-")[i] for i in (0, 1, 3))
    assert step != TRACE.split("-")[2]


@pytest.mark.parametrize("given", ["", "nonsense", TRACE.upper(), f"00-{'0' * 32}-{'0' * 16}-01"])
def test_a_new_trace_is_begun_otherwise(given: str, ask: Ask, answers: Answers) -> None:
    ask("GET", "/customers", headers={"traceparent": given})

    assert len(answers.last.metadata["traceparent"]) == len(TRACE)
    assert given != answers.last.metadata["traceparent"]


def test_every_answer_carries_safe_headers(ask: Ask, http: httpx.Client) -> None:
    for answer in (ask("GET", "/me"), ask("GET", "/me", role=""), http.get("/nowhere")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers


def test_answers_about_people_are_not_stored_on_the_way(ask: Ask) -> None:
    assert ask("GET", "/customers").headers["cache-control"] == "no-store"


def test_only_configured_origins_may_read_answers(http: httpx.Client) -> None:
    def asked_from(origin: str) -> httpx.Response:
        wanted = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
        return http.request("OPTIONS", "/v1/products/P1", headers=wanted)

    known, unknown = asked_from("https://console.example"), asked_from("https://evil.example")

    assert known.headers["access-control-allow-origin"] == "https://console.example"
    assert "access-control-allow-origin" not in unknown.headers


def test_the_service_sees_the_caller_and_a_deadline(ask: Ask, answers: Answers) -> None:
    ask("GET", "/customers")

    who = answers.last.caller
    assert (who.staff_id, who.team_id, who.branch_id) == ("s-wangjun", "t-hangzhou", "b-zhejiang")
    assert who.roles == {"adviser"}
    assert 0 < answers.last.seconds_left < 6


def test_a_head_is_a_get_without_a_body(ask: Ask) -> None:
    answer = ask("HEAD", "/me")

    assert (answer.status_code, answer.content) == (200, b"")
