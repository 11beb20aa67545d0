"""Risk profiles by their last valid day, and how a result came about, over gRPC."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.errors import Invalid, NotFound
from chassis.identity import Caller
from chassis.migrations import migrate
from chassis.moments import moment
from chassis.scope import Reach
from liheng.suitability.v1 import suitability_pb2 as pb
from liheng.suitability.v1 import suitability_pb2_grpc
from services.suitability.bootstrap import SERVICE
from services.suitability.bootstrap import rpc as suitability_rpc
from services.suitability.config import SuitabilityConfig
from tests.calling import CALLER_KEY, as_caller, refusal, served
from tests.suitability.integration.stage import ADVISER, CLIENT_APP, Stack

BEGAN = datetime(2026, 11, 23, 4, tzinfo=UTC)
COMPLIANCE = Caller("s-co", frozenset({"compliance"}), reach=Reach.INSTITUTION)
STRANGER = Caller("s-far", frozenset({"adviser"}), "t-9", "b-9", reach=Reach.OWN)
DAY = timedelta(days=1)
CLIENTS = 5


@pytest.fixture(scope="module")
def server(create_database: Callable[[str], str]) -> Iterator[Stack]:
    url = create_database("suitability_profiles")
    migrate(url, SERVICE.migrations)
    made = Stack(url)
    config = SuitabilityConfig(
        database_url=made.url,
        amqp_url="",
        rpc_address="127.0.0.1:0",
        caller_key=CALLER_KEY,
        licence="fund_distributor",
    )
    with served(suitability_rpc(config, made.clock)) as channel:
        made.stub = suitability_pb2_grpc.SuitabilityServiceStub(channel)
        made.now = BEGAN
        for number in range(CLIENTS):
            made.know(f"p-{number}")
            made.assess(f"p-{number}")
            made.now += DAY
        yield made


@pytest.fixture
def stack(server: Stack) -> Stack:
    server.now = datetime(2027, 11, 10, 4, tzinfo=UTC)
    return server


def listed(stack: Stack, caller: Caller = ADVISER, **said: Any) -> pb.ListRiskProfilesResponse:
    request = pb.ListRiskProfilesRequest(**said)
    return stack.stub.ListRiskProfiles(request, metadata=as_caller(caller))


def names(answer: pb.ListRiskProfilesResponse) -> list[str]:
    return [each.customer_id for each in answer.profiles]


def test_what_ends_first_comes_first_page_by_page(stack: Stack) -> None:
    pages: list[list[str]] = []
    cursor = ""
    while cursor or not pages:
        answer = listed(stack, expiring_within="20d", limit=2, cursor=cursor)
        pages.append(names(answer))
        cursor = answer.next_cursor

    assert pages == [["p-0", "p-1"], ["p-2", "p-3"], ["p-4"]]
    assert names(listed(stack, sort="-valid_until", expiring_within="20d", limit=2)) == [
        "p-4",
        "p-3",
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"expiring_within": "12d"}, []),
        ({"expiring_within": "13d"}, ["p-0"]),
        ({"expiring_within": "15d"}, ["p-0", "p-1", "p-2"]),
        ({"expiring_within": "15d", "state": "current"}, ["p-0", "p-1", "p-2"]),
        ({"state": "expired"}, []),
        ({"expiring_within": "30d", "state": "expired"}, []),
    ],
)
def test_a_list_is_narrowed_by_its_last_days(
    stack: Stack, said: dict[str, Any], expected: list[str]
) -> None:
    assert names(listed(stack, **said)) == expected


def test_a_profile_is_over_the_day_after_its_last(stack: Stack) -> None:
    stack.now = datetime(2027, 11, 24, 15, 59, tzinfo=UTC)  # still the 24th in Shanghai
    before = (names(listed(stack, state="expired")), names(listed(stack, expiring_within="0d")))
    stack.now += timedelta(minutes=1)
    after = (names(listed(stack, state="expired")), names(listed(stack, expiring_within="0d")))

    assert before == (["p-0"], ["p-1"])
    assert after == (["p-0", "p-1"], ["p-2"])
    assert {each.state for each in listed(stack, state="expired").profiles} == {"expired"}


def test_a_newer_assessment_counts_alone(stack: Stack) -> None:
    stack.know("p-again")
    stack.assess("p-again")
    stack.now += DAY
    stack.assess("p-again", "highest")

    mine = [each for each in listed(stack).profiles if each.customer_id == "p-again"]

    assert [(each.risk_level, each.valid_until) for each in mine] == [("C5", "2028-11-11")]
    assert mine[0].reconfirmation_needed


def test_profiles_of_other_advisers_clients_are_not_listed(stack: Stack) -> None:
    assert names(listed(stack, STRANGER)) == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"expiring_within": "soon"}, "expiring_within"),
        ({"expiring_within": "-1d"}, "expiring_within"),
        ({"expiring_within": "1000d"}, "expiring_within"),
        ({"state": "dormant"}, "state"),
        ({"sort": "risk_level"}, "sort"),
        ({"limit": 201}, "limit"),
        ({"cursor": "made up"}, "cursor"),
    ],
)
def test_what_cannot_be_read_is_refused(stack: Stack, said: dict[str, Any], field: str) -> None:
    refused = refusal(lambda: listed(stack, **said))

    assert (type(refused), refused.field) == (Invalid, field)


def detail(
    stack: Stack, assessment_id: str, caller: Caller = COMPLIANCE
) -> pb.GetAssessmentResponse:
    request = pb.GetAssessmentRequest(assessment_id=assessment_id)
    return stack.stub.GetAssessment(request, metadata=as_caller(caller))


def test_the_history_says_who_answered_and_confirmed_what_and_when(stack: Stack) -> None:
    stack.know("p-history")
    stack.assess("p-history")
    changed = stack.assess("p-history", "highest")
    stack.now += timedelta(hours=1)
    request = pb.ConfirmLevelRequest(customer_id="p-history", risk_level="C5")
    confirmed = stack.stub.ConfirmLevel(request, metadata=as_caller(CLIENT_APP)).profile

    history = stack.stub.ListAssessments(
        pb.ListAssessmentsRequest(customer_id="p-history"), metadata=as_caller(ADVISER)
    ).assessments
    shown = detail(stack, changed.assessment_id)

    assert not changed.HasField("confirmed_at")
    assert moment(confirmed.confirmed_at) == stack.now
    assert [(one.risk_level, one.HasField("confirmed_at")) for one in history] == [
        ("C5", True),
        ("C3", False),
    ]
    assert (shown.author, shown.device, shown.confirmed_by) == (
        "client-app",
        "phone-1",
        "client-app",
    )
    assert shown.ended_at.seconds > shown.started_at.seconds
    assert "answers" not in str(shown)


def test_how_a_result_came_about_is_not_told_of_somebody_elses_client(stack: Stack) -> None:
    stack.know("p-theirs")
    theirs = stack.assess("p-theirs").assessment_id

    seen = refusal(lambda: detail(stack, theirs, STRANGER))
    unknown = refusal(lambda: detail(stack, "a-unknown", STRANGER))

    assert isinstance(seen, NotFound)
    assert vars(seen) == vars(unknown)
