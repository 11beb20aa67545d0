"""Customer class over gRPC, on the real database, with two processes of the service."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import grpc
import pytest
import sqlalchemy as sa

from chassis.database import engine
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from chassis.identity import Caller
from chassis.migrations import migrate
from chassis.scope import Reach
from liheng.suitability.v1 import classes_pb2 as pb
from liheng.suitability.v1 import suitability_pb2, suitability_pb2_grpc
from liheng.suitability.v1.classes_pb2_grpc import CustomerClassServiceStub
from services.suitability.bootstrap import SERVICE
from services.suitability.bootstrap import rpc as suitability_rpc
from services.suitability.config import SuitabilityConfig
from services.suitability.domain.customer_class import EVIDENCE
from tests.calling import CALLER_KEY, as_caller, refusal, served
from tests.suitability.integration.stage import ADVISER, CLIENT_APP, Stack

COMPLIANCE = Caller("s-co", frozenset({"compliance"}), reach=Reach.INSTITUTION)
OTHER_COMPLIANCE = Caller("s-co-2", frozenset({"compliance"}), reach=Reach.INSTITUTION)
STRANGER = Caller("s-far", frozenset({"adviser"}), "t-9", "b-9", reach=Reach.OWN)
ALL = dict.fromkeys(EVIDENCE, "2026-11-20")
RISKY = {"issuer_level": "R5", "seller_level": "R5"}


@dataclass
class Office:
    """*stack* speaks to the first process, *second* to the other."""

    stack: Stack
    classes: CustomerClassServiceStub
    second: suitability_pb2_grpc.SuitabilityServiceStub

    def apply(
        self, customer_id: str, wanted: str = "professional", who: Caller = ADVISER, **changes: str
    ) -> pb.ClassApplication:
        days = ALL if wanted == "professional" else {"applied_on": "2026-11-20"}
        said = {**days, **changes}
        request = pb.ApplyForClassRequest(customer_id=customer_id, wanted=wanted, **said)
        return self.classes.ApplyForClass(request, metadata=as_caller(who)).application

    def decide(
        self, application_id: str, reason: str = "", who: Caller = COMPLIANCE, verdict: str = ""
    ) -> pb.ClassApplication:
        request = pb.DecideClassApplicationRequest(
            application_id=application_id,
            verdict=verdict or ("refused" if reason else "accepted"),
            reason=reason,
        )
        return self.classes.DecideClassApplication(request, metadata=as_caller(who)).application

    def listed(
        self, customer_id: str, who: Caller = ADVISER, limit: int = 0, cursor: str = ""
    ) -> pb.ListClassApplicationsResponse:
        request = pb.ListClassApplicationsRequest(
            customer_id=customer_id, limit=limit, cursor=cursor
        )
        return self.classes.ListClassApplications(request, metadata=as_caller(who))

    def matched(self, customer_id: str) -> str:
        """As the other process finds the client by its own copy of all clients."""
        request = suitability_pb2.ListEligibleCustomersRequest(product_id="P5", outcome="any")
        found = self.second.ListEligibleCustomers(request, metadata=as_caller(ADVISER))
        return next(one.outcome for one in found.customers if one.customer_id == customer_id)

    def execute(self, statement: str) -> None:
        bound = engine(self.stack.url)
        try:
            with bound.begin() as connection:
                connection.execute(sa.text(statement))
        finally:
            bound.dispose()


@pytest.fixture(scope="module")
def office(create_database: Callable[[str], str]) -> Iterator[Office]:
    url = create_database("suitability_classes")
    migrate(url, SERVICE.migrations)
    stack = Stack(url, datetime(2026, 11, 23, 4, tzinfo=UTC))
    config = SuitabilityConfig(
        database_url=url,
        amqp_url="",
        rpc_address="127.0.0.1:0",
        caller_key=CALLER_KEY,
        licence="fund_distributor",
    )
    with ExitStack() as servers:
        first, second = (
            servers.enter_context(served(suitability_rpc(config, stack.clock))) for _ in range(2)
        )
        stack.stub = suitability_pb2_grpc.SuitabilityServiceStub(first)
        yield Office(
            stack,
            CustomerClassServiceStub(first),
            suitability_pb2_grpc.SuitabilityServiceStub(second),
        )


def ready(office: Office, customer_id: str) -> str:
    """A C3 client with the means to convert, and a fund of R5."""
    office.stack.know(customer_id, "P5", **RISKY)
    office.stack.assess(customer_id)
    return customer_id


def test_from_application_to_a_sale_as_a_professional_and_back(office: Office) -> None:
    client = ready(office, "k-way")
    before = office.stack.decide(client, "P5")
    waiting = office.apply(client)
    while_waiting = office.stack.decide(client, "P5")
    accepted = office.decide(waiting.application_id)
    after = office.stack.decide(client, "P5")
    office.stack.now += timedelta(minutes=1)
    back = office.apply(client, "ordinary", CLIENT_APP)
    at_last = office.stack.decide(client, "P5")

    assert (waiting.state, waiting.in_force, waiting.entered_through) == ("open", False, "staff")
    assert (accepted.state, accepted.in_force) == ("accepted", True)
    assert accepted.decided_by == "s-co"
    outcomes = [one.outcome for one in (before, while_waiting, after, at_last)]
    assert outcomes == ["REQUIRE", "REQUIRE", "ALLOW", "REQUIRE"]
    assert (back.state, back.decided_by, back.entered_through) == ("accepted", "", "client_channel")
    reread = suitability_pb2.GetDecisionRequest(decision_id=after.decision_id)
    stale = office.stack.stub.GetDecision(reread, metadata=as_caller(ADVISER)).decision
    assert stale.stale_reason_en == "the client's class changed"
    listed = office.listed(client)
    assert listed.elected_class == "ordinary"
    assert [(one.wanted, one.in_force) for one in listed.applications] == [
        ("ordinary", True),
        ("professional", False),
    ]
    assert office.stack.announced(client).count("CustomerClassChanged") == 2


def test_the_copy_of_another_process_follows(office: Office) -> None:
    client = ready(office, "k-copy")
    outcomes = [office.matched(client)]
    application = office.apply(client)
    outcomes.append(office.matched(client))
    office.decide(application.application_id)
    outcomes.append(office.matched(client))
    office.apply(client, "ordinary")
    outcomes.append(office.matched(client))

    assert outcomes[0] == outcomes[1] == outcomes[3] != outcomes[2]


def test_a_client_who_was_never_assessed_elects_and_is_assessed_later(office: Office) -> None:
    office.stack.know("k-new", "P5", **RISKY)
    application = office.apply("k-new")
    office.decide(application.application_id)
    request = suitability_pb2.GetRiskProfileRequest(customer_id="k-new")

    none = refusal(lambda: office.stack.stub.GetRiskProfile(request, metadata=as_caller(ADVISER)))
    first = office.matched("k-new")
    office.stack.assess("k-new")

    assert none.code == "no_risk_profile"
    assert first == office.matched("k-new")
    assert office.listed("k-new").elected_class == "professional"


def test_two_people_decide_at_once_and_one_is_told(office: Office) -> None:
    client = ready(office, "k-race")
    for _ in range(5):
        application_id = office.apply(client).application_id

        def decided(who: Caller, named: str = application_id) -> str:
            try:
                return office.decide(named, "test_not_passed", who).state
            except grpc.RpcError as error:
                return type(error).__name__

        with ThreadPoolExecutor(2) as people:
            said = list(people.map(decided, (COMPLIANCE, OTHER_COMPLIANCE)))
        assert sorted(said)[1] == "refused"
        assert said.count("refused") == 1


def test_two_applications_at_once_and_one_waits(office: Office) -> None:
    client = ready(office, "k-twice")

    def applied(_: int) -> str:
        try:
            return office.apply(client).state
        except grpc.RpcError as error:
            return type(error).__name__

    with ThreadPoolExecutor(4) as people:
        said = list(people.map(applied, range(4)))

    assert said.count("open") == 1
    assert len(office.listed(client).applications) == 1


def test_who_entered_it_does_not_decide_it(office: Office) -> None:
    client = ready(office, "k-own")
    application = office.apply(client, who=COMPLIANCE)

    said = refusal(lambda: office.decide(application.application_id))

    assert isinstance(said, Forbidden)
    assert said.code == "own_application"
    assert office.decide(application.application_id, who=OTHER_COMPLIANCE).state == "accepted"


def test_who_does_not_serve_the_client_hears_what_is_said_of_nobody(office: Office) -> None:
    client = ready(office, "k-scope")
    application_id = office.apply(client).application_id

    applying = [refusal(partial(office.apply, one, who=STRANGER)) for one in (client, "k-none")]
    deciding = [
        refusal(partial(office.decide, one, who=STRANGER)) for one in (application_id, "none")
    ]

    for known, unknown in (applying, deciding):
        assert isinstance(known, NotFound)
        assert said(known) == said(unknown)
    assert office.listed(client, STRANGER) == office.listed("k-none", STRANGER)
    assert office.listed("k-none") == pb.ListClassApplicationsResponse()
    assert office.listed(client).applications[0].state == "open"


def test_pages_of_the_newest_first(office: Office) -> None:
    client = ready(office, "k-pages")
    made = []
    for _ in range(3):
        office.stack.now += timedelta(minutes=1)
        application_id = office.apply(client).application_id
        office.decide(application_id, "means_not_shown")
        made.append(application_id)

    first = office.listed(client, limit=2)
    rest = office.listed(client, limit=2, cursor=first.next_cursor)

    shown = [one.application_id for one in (*first.applications, *rest.applications)]
    assert shown == made[::-1]
    assert rest.next_cursor == ""
    assert {one.reason for one in first.applications} == {"means_not_shown"}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"wanted": "king"}, "unknown_wanted", "wanted"),
        ({"tested_on": ""}, "evidence_missing", "tested_on"),
        ({"tested_on": "2026-02-30"}, "not_a_date", "tested_on"),
        ({"applied_on": "2026-11-25"}, "evidence_of_the_future", "applied_on"),
    ],
)
def test_what_cannot_be_read_is_named(
    office: Office, changes: dict[str, Any], code: str, field: str
) -> None:
    client = "k-bad"
    office.stack.know(client)

    said: dict[str, Any] = {**ALL, **changes}

    refused = refusal(lambda: office.apply(client, **said))

    assert isinstance(refused, Invalid)
    assert (refused.code, refused.field) == (code, field)
    assert office.listed(client).applications == []


def test_a_verdict_is_a_known_word_and_a_refusal_has_a_reason(office: Office) -> None:
    application_id = office.apply(ready(office, "k-words")).application_id

    without = refusal(lambda: office.decide(application_id, verdict="refused"))
    other = refusal(lambda: office.decide(application_id, verdict="withdrawn"))
    accepted = refusal(lambda: office.decide(application_id, "test_not_passed", verdict="accepted"))

    assert [one.field for one in (without, other, accepted)] == ["reason", "verdict", "reason"]
    assert {type(one) for one in (without, other, accepted)} == {Invalid}


def test_what_was_decided_stays_even_by_sql(office: Office) -> None:
    application_id = office.apply(ready(office, "k-sql")).application_id
    office.decide(application_id)
    named = f"WHERE application_id = '{application_id}'"

    for statement in (
        f"UPDATE class_applications SET state = 'refused' {named}",
        f"DELETE FROM class_applications {named}",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="kept as it was"):
            office.execute(statement)
    again = refusal(lambda: office.decide(application_id, who=OTHER_COMPLIANCE))
    assert isinstance(again, Conflict)


def said(refused: Refusal) -> tuple[str, str, str, str]:
    return refused.code, refused.en, refused.zh, refused.field
