"""Who sees and decides what: by every reach, for every question."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest

from chassis.custodians import KeepShare, keep_share
from chassis.database import begin, engine
from chassis.errors import NotFound, Refusal
from chassis.identity import Caller
from chassis.scope import Reach, Share
from liheng.suitability.v1 import suitability_pb2 as pb
from liheng.suitability.v1 import suitability_pb2_grpc
from services.suitability.adapters.database import SqlSuitabilityWork
from services.suitability.bootstrap import rpc as suitability_rpc
from services.suitability.config import SuitabilityConfig
from services.suitability.usecases.keep_holdings import KeepHoldings, keep_holdings
from tests.calling import CALLER_KEY, as_caller, refusal, served
from tests.patience import until
from tests.suitability.integration.stage import ADVISER, Stack
from tests.suitability.samples import INSTITUTION

CLIENT = "c-scope"
SALE = "sale-scope"


def staff(
    reach: Reach, staff_id: str = "s-x", team_id: str = "t-x", branch_id: str = "b-x"
) -> Caller:
    return Caller(staff_id, frozenset({"adviser"}), team_id, branch_id, reach=reach)


SEE = {
    "adviser": ADVISER,
    "leader": staff(Reach.TEAM, team_id="t-1"),
    "manager": staff(Reach.BRANCH, branch_id="b-1"),
    "institution": staff(Reach.INSTITUTION),
}
DO_NOT = {
    "nobody": staff(Reach.NONE, "s-wangjun", "t-1", "b-1"),
    "another adviser of the team": staff(Reach.OWN, team_id="t-1", branch_id="b-1"),
    "another leader": staff(Reach.TEAM, branch_id="b-1"),
    "a leader of no team": staff(Reach.TEAM, team_id=""),
    "another manager": staff(Reach.BRANCH, team_id="t-1"),
}


@dataclass
class Asking:
    """Every question about one client, as one caller."""

    stack: Stack
    decision_id: str
    who: Caller

    def profile(self, customer_id: str = CLIENT) -> pb.RiskProfile:
        request = pb.GetRiskProfileRequest(customer_id=customer_id)
        return self.stack.stub.GetRiskProfile(request, metadata=as_caller(self.who)).profile

    def assessments(self) -> int:
        request = pb.ListAssessmentsRequest(customer_id=CLIENT)
        answer = self.stack.stub.ListAssessments(request, metadata=as_caller(self.who))
        return len(answer.assessments)

    def decision(self, decision_id: str = "") -> pb.Decision:
        request = pb.GetDecisionRequest(decision_id=decision_id or self.decision_id)
        return self.stack.stub.GetDecision(request, metadata=as_caller(self.who)).decision

    def decisions(self, **wanted: str) -> list[str]:
        request = pb.ListDecisionsRequest(**wanted)  # type: ignore[arg-type]
        answer = self.stack.stub.ListDecisions(request, metadata=as_caller(self.who))
        return [one.decision_id for one in answer.decisions]

    def holdings(self, **wanted: str) -> list[tuple[str, str]]:
        request = pb.ListHoldingMatchesRequest(**wanted)  # type: ignore[arg-type]
        answer = self.stack.stub.ListHoldingMatches(request, metadata=as_caller(self.who))
        return [(one.customer_id, one.fit) for one in answer.holdings]


def hold(stack: Stack) -> None:
    command = KeepHoldings(
        customer_id=CLIENT,
        units={"P1": Decimal(100)},
        sequence=1,
        at=stack.now,
        institution=INSTITUTION,
    )
    bound = engine(stack.url)
    with begin(bound, SqlSuitabilityWork)() as work:
        keep_holdings(command, work)
        work.commit()
    bound.dispose()


@pytest.fixture(scope="module")
def stack(postgres_url: Callable[[str], str]) -> Iterator[Stack]:
    made = Stack(postgres_url("suitability"))
    config = SuitabilityConfig(
        database_url=made.url,
        amqp_url="",
        rpc_address="127.0.0.1:0",
        caller_key=CALLER_KEY,
        licence="fund_distributor",
    )
    with served(suitability_rpc(config, made.clock)) as channel:
        made.stub = suitability_pb2_grpc.SuitabilityServiceStub(channel)
        made.know(CLIENT)
        made.assess(CLIENT)
        hold(made)
        yield made


@pytest.fixture(scope="module")
def decision_id(stack: Stack) -> str:
    return stack.decide(CLIENT, sale_id=SALE).decision_id


@pytest.mark.parametrize("who", SEE.values(), ids=SEE)
def test_who_reaches_the_client_sees_all_of_it(stack: Stack, decision_id: str, who: Caller) -> None:
    asking = Asking(stack, decision_id, who)

    assert asking.profile().risk_level == "C3"
    assert asking.assessments() == 1
    assert asking.decision().receipt_json
    assert decision_id in asking.decisions()
    assert decision_id in asking.decisions(customer_id=CLIENT, sale_id=SALE, outcome="ALLOW")
    assert asking.holdings(customer_id=CLIENT) == [(CLIENT, "matches")]
    assert (CLIENT, "matches") in asking.holdings(product_id="P1", fit="matches")
    assert asking.holdings(customer_id=CLIENT, fit="mismatch") == []


@pytest.mark.parametrize("who", DO_NOT.values(), ids=DO_NOT)
def test_who_does_not_reach_the_client_is_told_it_does_not_exist(
    stack: Stack, decision_id: str, who: Caller
) -> None:
    asking = Asking(stack, decision_id, who)

    assert said(asking.profile) == said(lambda: asking.profile("c-unknown"))
    assert said(asking.decision) == said(lambda: asking.decision("d-unknown"))
    assert asking.assessments() == 0
    assert decision_id not in asking.decisions()
    assert asking.holdings(customer_id=CLIENT) == []
    assert CLIENT not in [customer_id for customer_id, _ in asking.holdings(product_id="P1")]
    for wanted in ({"customer_id": CLIENT}, {"sale_id": SALE}, {"product_id": "P1"}):
        assert decision_id not in asking.decisions(**wanted)


@pytest.mark.parametrize("who", DO_NOT.values(), ids=DO_NOT)
def test_who_does_not_reach_the_client_closes_no_sale_of_theirs(
    stack: Stack, decision_id: str, who: Caller
) -> None:
    before = Asking(stack, decision_id, SEE["institution"]).decisions(sale_id=SALE)

    closing = said(lambda: stack.decide(CLIENT, caller=who, sale_id=SALE, borrowed_money=True))
    unknown = said(lambda: stack.decide("c-unknown", caller=who, sale_id=SALE))

    assert closing == unknown
    assert Asking(stack, decision_id, SEE["institution"]).decisions(sale_id=SALE) == before


def test_a_grant_opens_the_client_for_its_time(stack: Stack, decision_id: str) -> None:
    cover = staff(Reach.OWN, "s-cover")
    grant(stack, "s-cover")

    until("the grant", lambda: decision_id in Asking(stack, decision_id, cover).decisions())
    seen = Asking(stack, decision_id, cover).profile()
    stack.now += timedelta(hours=2)

    assert seen.risk_level == "C3"
    assert isinstance(refusal(Asking(stack, decision_id, cover).profile), NotFound)


def grant(stack: Stack, staff_id: str) -> None:
    share = Share(
        share_id="g-1",
        staff_id=staff_id,
        owner_id=ADVISER.staff_id,
        purpose="leave_cover",
        valid_from=stack.now,
        valid_until=stack.now + timedelta(hours=1),
    )
    bound = engine(stack.url)
    with begin(bound, SqlSuitabilityWork)() as work:
        keep_share(KeepShare(share=share, sequence=1), work)
        work.commit()
    bound.dispose()


def said(call: Callable[[], object]) -> tuple[type[Refusal], str, str, str]:
    refused = refusal(call)
    assert isinstance(refused, NotFound)
    return type(refused), refused.code, refused.en, refused.zh
