"""What the gateway takes, and how it complains about the rest."""

from typing import Any

import pytest

from tests.gateway.cases.customers import KYC
from tests.gateway.conftest import Ask
from tests.gateway.fakes import Answers

EN = {"Accept-Language": "en"}


def faults(answer: Any) -> list[tuple[str, str]]:
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), answer.text
    return [(error["location"], error["field"]) for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=1e2", "limit"),
        ("limit=", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("sort=name", "sort"),
        ("sort=--aum", "sort"),
        ("risk_level=C9", "risk_level"),
        ("kyc_state=APPROVED", "kyc_state"),
        ("cursor=" + "x" * 501, "cursor"),
        ("cursor=a%00b", "cursor"),
        ("adviser_id=a%27%20or%201=1", "adviser_id"),
        ("q=%20", "q"),
        ("unserved=maybe", "unserved"),
        ("unserved=True", "unserved"),
        ("page=2", "page"),
        ("Limit=2", "Limit"),
    ],
)
def test_a_query_that_a_list_does_not_declare_is_refused(
    query: str, field: str, ask: Ask, answers: Answers
) -> None:
    answer = ask("GET", f"/customers?{query}")

    assert faults(answer) == [("query", field)]
    assert answers.calls == []


def test_all_faults_are_told_at_once_in_both_languages(ask: Ask) -> None:
    body = {"name": " ", "phone": "1", "source": "tv", "extra": 1}

    chinese = ask("POST", "/leads", json=body)
    english = ask("POST", "/leads", json=body, headers=EN)

    wanted = {("body", "name"), ("body", "source"), ("body", "extra")}
    assert set(faults(chinese)) == set(faults(english)) == wanted
    told = {error["field"]: error["detail"] for error in english.json()["errors"]}
    assert told["extra"] == "Not a known field"
    assert told["source"] == "Must be one of: campaign, referral, walk_in"
    assert {error["detail"] for error in chinese.json()["errors"]} >= {"未知字段"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"facts": {"born_on": "1988-02-31x"}}, "facts.born_on"),
        ({"facts": {"born_on": "1988-13-01"}}, "facts.born_on"),
        ({"facts": {"net_assets": 5}}, "facts.net_assets"),
        ({"facts": {"net_assets": "1e5"}}, "facts.net_assets"),
        ({"facts": {"net_assets": "１２"}}, "facts.net_assets"),
        ({"facts": {"net_assets": "5\n"}}, "facts.net_assets"),
        ({"facts": {"unknown": "x"}}, "facts.unknown"),
        ({"facts": "x"}, "facts"),
        ({"facts": []}, "facts"),
        ({"consents": "recording"}, "consents"),
        ({"consents": ["recording", "soul"]}, "consents.1"),
        ({"consents": [None]}, "consents.0"),
        ({"consents": ["recording"] * 51}, "consents"),
        ({"name": None}, "name"),
        ({"name": "a\u0000b"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": {"$ne": ""}}, "name"),
        ({"reviewer_id": "s-2"}, "reviewer_id"),
    ],
    ids=str,
)
def test_a_fault_is_named_by_its_field(
    changed: dict[str, Any], field: str, ask: Ask, answers: Answers
) -> None:
    answer = ask("POST", "/customers/c-1/kyc-submissions", json={**KYC, **changed})

    assert faults(answer) == [("body", field)]
    assert answers.calls == []


def test_null_is_the_same_as_leaving_an_optional_field_out(ask: Ask, answers: Answers) -> None:
    ask("POST", "/customers/c-1/kyc-submissions", json={**KYC, "facts": None, "purpose": None})

    assert answers.last.request.purpose == ""
    assert not answers.last.request.HasField("facts")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"fields": []}, "fields"),
        ({"fields": ["born_on"]}, "fields.0"),
        ({"fields": "phone"}, "fields"),
        ({"purpose": None}, "purpose"),
        ({"purpose": "curiosity"}, "purpose"),
        ({"note": " "}, "note"),
    ],
    ids=str,
)
def test_an_unmasking_says_what_for(
    changed: dict[str, object], field: str, ask: Ask, answers: Answers
) -> None:
    asked = {"fields": ["phone"], "purpose": "contact", **changed}

    answer = ask("POST", "/customers/c-1/unmaskings", json=asked)

    assert faults(answer) == [("body", field)]
    assert answers.calls == []


@pytest.mark.parametrize("said", ["true", "false"])
def test_a_truth_value_in_a_query_reaches_the_service(
    said: str, ask: Ask, answers: Answers
) -> None:
    ask("GET", f"/customers?unserved={said}")

    assert answers.last.request.unserved is (said == "true")


@pytest.mark.parametrize(
    "name", ["𠮷野家", "王\u200d伟", "👩‍💼", "e\u0301", "\u202eabc", "<script>", "'; --"]
)
def test_text_of_any_script_reaches_the_service_unchanged(
    name: str, ask: Ask, answers: Answers
) -> None:
    ask("POST", "/customers/c-1/kyc-submissions", json={**KYC, "name": name})

    assert answers.last.request.name == name


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"{}x",
        b'{"reason": "\xff"}',
        b'{"reason": "\\ud800"}',
        b'{"reason": NaN}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        "{}".encode("utf-16"),
        b"\xef\xbb\xbf{}",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_a_body_that_is_no_json_is_malformed(content: bytes, ask: Ask) -> None:
    headers = {"Content-Type": "application/json"}

    answer = ask("POST", "/leads/l-1/drops", content=content, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


@pytest.mark.parametrize("content", [b"[]", b"null", b"7", b'"x"', b"true"])
def test_a_body_that_is_no_object_is_refused(content: bytes, ask: Ask) -> None:
    headers = {"Content-Type": "application/json"}

    answer = ask("POST", "/leads/l-1/drops", content=content, headers=headers)

    assert faults(answer) == [("body", "")]


def test_only_json_is_taken(ask: Ask) -> None:
    answer = ask("POST", "/leads/l-1/drops", data={"reason": "x"})

    assert (answer.status_code, answer.json()["code"]) == (415, "content_type_not_supported")


def test_a_body_may_say_its_character_set(ask: Ask) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}

    answer = ask("POST", "/leads/l-1/drops", content=b'{"reason": "x"}', headers=headers)

    assert answer.status_code == 201


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
def test_a_body_over_a_mebibyte_is_too_large(announced: bool, ask: Ask, answers: Answers) -> None:
    content = b'{"reason": "' + b"x" * 1024 * 1024 + b'"}'
    headers = {"Content-Type": "application/json"}

    answer = ask(
        "POST",
        "/leads/l-1/drops",
        content=content if announced else iter([content]),
        headers=headers,
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert answers.calls == []


def test_an_action_without_details_takes_an_empty_body_only(ask: Ask, answers: Answers) -> None:
    path = "/customers/c-1/kyc-approvals"

    assert ask("POST", path, "compliance").status_code == 201
    assert ask("POST", path, "compliance", json={}).status_code == 201
    assert faults(ask("POST", path, "compliance", json={"by": "s-2"})) == [("body", "by")]


@pytest.mark.parametrize("identifier", ["a b", "%00", "a%2Fb", "..%2f", "x" * 65, "王", "'", "%ff"])
def test_an_identifier_that_cannot_be_one_reaches_nobody(
    identifier: str, ask: Ask, answers: Answers
) -> None:
    answer = ask("GET", f"/customers/{identifier}")

    assert answer.status_code in (404, 422)
    assert answers.calls == []


@pytest.mark.parametrize("tag", ["3", 'W/"3"', "*", '"x"', '"3", "4"', '""', '"0"'])
def test_a_version_must_be_one_that_was_given_out(tag: str, ask: Ask) -> None:
    product = {"name": "稳健一号", "kind": "public_fund"}

    answer = ask("PUT", "/products/P1", "operations", json=product, headers={"If-Match": tag})

    assert faults(answer) == [("headers", "If-Match")]
