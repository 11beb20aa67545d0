"""What the gateway writes down, and how the trail of all is read."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from chassis.errors import Forbidden
from chassis.moments import stamp
from gateway.config import GatewayConfig
from gateway.takings import BULK
from gateway.trail import Recorder
from liheng.product.v1 import product_pb2
from liheng.trail.v1 import trail_pb2 as pb
from tests.gateway.cases.case import NOON
from tests.gateway.conformity import assert_conforms
from tests.gateway.conftest import Ask
from tests.gateway.fakes import Answers
from tests.gateway.running import free_port, running
from tests.gateway.signing import Signing
from tests.gateway.trail_in_memory import TrailInMemory


@pytest.fixture(scope="module")
def own_trail() -> TrailInMemory:
    return TrailInMemory()


@pytest.fixture(scope="module")
def base_url(config: GatewayConfig, own_trail: TrailInMemory) -> Iterator[str]:
    """A gateway that has refused nobody yet: of many refusals, it sums up the later ones."""
    with running(replace(config, address=f"127.0.0.1:{free_port()}"), own_trail) as url:
        yield url


@pytest.fixture(scope="module")
def http(base_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base_url, trust_env=False) as client:
        yield client


@pytest.fixture
def own(own_trail: TrailInMemory) -> Iterator[TrailInMemory]:
    own_trail.kept.clear()
    own_trail.asked.clear()
    yield own_trail
    own_trail.is_away = False
    own_trail.answer = pb.ListEntriesResponse()


def entry(number: int, **told: object) -> pb.Entry:
    given = {"at": stamp(NOON), "action": "thing.seen", "outcome": "done", "details": "{}", **told}
    return pb.Entry(entry_id=number, **given)  # type: ignore[arg-type]


def details(own: TrailInMemory, action: str) -> list[object]:
    return [told.details for _, _, told in own.of(action)]


def test_the_first_use_of_a_token_is_a_sign_in_and_no_other_is(
    own: TrailInMemory, http: httpx.Client, signing: Signing
) -> None:
    headers = {
        "Authorization": f"Bearer {signing.staff('auditor')}",
        "X-Request-Id": "request-of-mine",
    }

    for _ in range(3):
        assert http.get("/v1/me", headers=headers).status_code == 200

    ((caller, request_id, opened),) = own.of("session.opened")
    assert caller.roles == {"auditor"}
    assert (opened.subject, request_id) == (caller.staff_id, "request-of-mine")
    assert opened.details["address"] == "127.0.0.1"
    assert opened.details["session"]


def test_many_who_come_with_a_new_token_at_once_are_one_sign_in(
    own: TrailInMemory, base_url: str, signing: Signing
) -> None:
    headers = {"Authorization": f"Bearer {signing.staff('inspector')}"}

    def ask() -> None:
        assert httpx.get(f"{base_url}/v1/me", headers=headers, trust_env=False).status_code == 200

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(own.of("session.opened")) == 1


def test_nobody_is_let_in_whose_sign_in_cannot_be_written_down(
    own: TrailInMemory, ask: Ask
) -> None:
    own.is_away = True

    refused = ask("GET", "/me")
    own.is_away = False
    later = ask("GET", "/me")

    assert (refused.status_code, refused.json()["code"]) == (503, "trail_away")
    assert later.status_code == 200


def test_a_refusal_says_who_may_not_do_what(own: TrailInMemory, ask: Ask) -> None:
    answer = ask("GET", "/trail", "adviser")

    ((caller, request_id, refused),) = own.of("request.refused")
    assert caller.roles == {"adviser"}
    assert request_id == answer.headers["x-request-id"]
    assert refused.details == {
        "operation": "list_trail",
        "status": 403,
        "code": "not_permitted",
        "address": "127.0.0.1",
    }


@pytest.mark.parametrize("token", ["", "Bearer x.y.z", "Bearer 13812345678"])
def test_whoever_is_not_known_is_refused_on_record(
    own: TrailInMemory, http: httpx.Client, token: str
) -> None:
    answer = http.get("/v1/customers", headers={"Authorization": token} if token else {})

    ((caller, _, refused),) = own.of("request.refused")
    assert (answer.status_code, refused.details["status"]) == (401, 401)
    assert caller.staff_id == ""
    assert "13812345678" not in str(refused)


def test_a_refusal_stands_even_if_it_cannot_be_written_down(
    own: TrailInMemory, http: httpx.Client
) -> None:
    own.is_away = True

    assert http.get("/v1/customers").status_code == 401


def test_what_a_service_refuses_is_left_to_its_own_trail(
    own: TrailInMemory, ask: Ask, answers: Answers
) -> None:
    answers.given["GetCustomer"] = Forbidden("not_yours", "not yours", "不可")

    assert ask("GET", "/customers/c-1").status_code == 403
    assert own.of("request.refused") == []


@pytest.mark.parametrize(("rows", "entries"), [(BULK - 1, 0), (BULK, 1)])
def test_taking_much_at_once_is_an_export(
    own: TrailInMemory, ask: Ask, answers: Answers, rows: int, entries: int
) -> None:
    products = [product_pb2.Product(product_id=f"P{n}") for n in range(rows)]
    answers.given["ListProducts"] = product_pb2.ListProductsResponse(products=products)

    ask("GET", "/products")

    assert details(own, "list.exported") == [{"operation": "list_products", "rows": rows}] * entries


def test_the_permissions_in_force_are_told_when_they_are_others() -> None:
    own = TrailInMemory()
    recorder = Recorder(own)

    for digest in ("1a", "1a", "2b"):
        asyncio.run(recorder.permissions(digest))

    assert details(own, "permissions.in_force") == [{"digest": "1a"}, {"digest": "2b"}]


def test_the_trails_of_all_are_one_newest_first(
    own: TrailInMemory, ask: Ask, answers: Answers
) -> None:
    answers.given["ListEntries"] = pb.ListEntriesResponse(
        entries=[entry(9), entry(4, at=stamp(NOON.replace(hour=3)))]
    )
    own.answer = pb.ListEntriesResponse(
        entries=[entry(5, at=stamp(NOON.replace(hour=13)), details='{"status":403}')]
    )

    answer = ask("GET", "/trail", "auditor", params={"action": "thing.seen", "actor": "s-9"})

    assert answer.status_code == 200, answer.text
    assert_conforms("list_trail", answer)
    told = [(each["service"], each["entry_id"]) for each in answer.json()["items"]]
    services = ["analytics", "customer", "product", "recording", "suitability", "workflow"]
    assert told == [
        ("gateway", 5),
        *((service, 9) for service in services),
        *((service, 4) for service in services),
    ]
    assert answer.json()["items"][0]["details"] == {"status": 403}
    assert (answer.json()["next"], answer.json()["away"]) == (None, [])
    assert {(call.request.action, call.request.actor) for call in answers.calls} == {
        ("thing.seen", "s-9")
    }


@pytest.mark.parametrize("sort", ["-at", "at"])
def test_pages_of_a_merged_trail_leave_nothing_out_and_show_nothing_twice(
    sort: str, own: TrailInMemory, ask: Ask, answers: Answers
) -> None:
    """All of one moment: only names and numbers tell where a page ended."""
    kept = [entry(number) for number in (5, 4, 3, 2, 1)]

    def page(asked: list[pb.ListEntriesRequest]) -> pb.ListEntriesResponse:
        (request,) = asked
        from_here = request.HasField("before_at")
        if request.oldest_first:
            above = request.before_entry_id if from_here else 0
            left = [each for each in reversed(kept) if each.entry_id > above]
        else:
            below = request.before_entry_id if from_here else 2**62
            left = [each for each in kept if each.entry_id < below]
        return pb.ListEntriesResponse(entries=left[: request.limit])

    answers.given["ListEntries"] = page
    seen: list[tuple[str, int]] = []
    cursor = ""
    while True:
        params = {"limit": "4", "sort": sort, **({"cursor": cursor} if cursor else {})}
        answer = ask("GET", "/trail", "compliance", params=params).json()
        seen += [(each["service"], each["entry_id"]) for each in answer["items"]]
        cursor = answer["next"]
        if not cursor:
            break

    newest_first = sorted(seen, key=lambda told: (told[0], -told[1]))
    assert len(seen) == len(set(seen)) == 6 * 5
    assert seen == (newest_first if sort == "-at" else newest_first[::-1])


def test_the_oldest_come_first_when_they_are_asked_to(
    own: TrailInMemory, ask: Ask, answers: Answers
) -> None:
    early, late = stamp(NOON.replace(hour=3)), stamp(NOON.replace(hour=13))
    answers.given["ListEntries"] = pb.ListEntriesResponse(entries=[entry(1, at=late)])
    own.answer = pb.ListEntriesResponse(entries=[entry(5, at=early)])

    told = ask("GET", "/trail", "auditor", params={"sort": "at"}).json()["items"]

    assert told[0]["service"] == "gateway"
    assert own.asked[0].oldest_first


def test_one_service_is_asked_when_one_is_meant(
    own: TrailInMemory, ask: Ask, answers: Answers
) -> None:
    ask("GET", "/trail", "auditor", params={"service": "workflow"})
    ask("GET", "/trail", "auditor", params={"service": "gateway"})

    assert len(answers.calls) == 1
    assert len(own.asked) == 1


def test_moments_are_asked_with_their_offset(own: TrailInMemory, ask: Ask) -> None:
    params = {
        "service": "gateway",
        "from": "2026-11-23T08:00:00+08:00",
        "to": "2026-11-24T00:00:00Z",
    }
    assert ask("GET", "/trail", "auditor", params=params).status_code == 200
    (asked,) = own.asked
    assert getattr(asked, "from").ToJsonString() == "2026-11-23T00:00:00Z"
    naive = ask("GET", "/trail", "auditor", params={"from": "2026-11-23T08:00:00"})
    assert naive.status_code == 422


def test_entries_of_a_service_that_is_away_are_said_to_be_missing(
    own: TrailInMemory, ask: Ask, answers: Answers
) -> None:
    answers.given["ListEntries"] = LookupError("broken")

    answer = ask("GET", "/trail", "auditor")

    assert answer.status_code == 200
    assert len(answer.json()["away"]) == 6
    assert "gateway" not in answer.json()["away"]


@pytest.mark.parametrize("cursor", ["x", "WyJhIl0", "WyIyMDI2LTAxLTAxIiwgImEiLCAiMSJd"])
def test_a_cursor_that_was_not_given_out_is_refused(
    own: TrailInMemory, ask: Ask, cursor: str
) -> None:
    answer = ask("GET", "/trail", "auditor", params={"cursor": cursor})

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


def test_heads_tell_what_was_announced_and_found(
    own: TrailInMemory, ask: Ask, answers: Answers
) -> None:
    answers.given["GetHead"] = pb.GetHeadResponse(
        position=3,
        digest="cd" * 32,
        waiting=1,
        announced=pb.Anchor(day="2026-11-23", position=2, digest="ef" * 32),
        verified=pb.Verification(at=stamp(NOON), position=2, found="intact"),
    )

    answer = ask("GET", "/trail/heads", "auditor")

    assert_conforms("list_trail_heads", answer)
    heads = {head["service"]: head for head in answer.json()["items"]}
    assert (len(heads), answer.json()["away"]) == (7, [])
    assert heads["workflow"]["verified"] == {
        "at": "2026-11-23T12:00:00Z",
        "position": 2,
        "found": "intact",
    }
    assert heads["gateway"]["announced"] is None
