"""Whom a product may be offered to, on the real database, by two processes of the service."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.custodians import KeepCustody, keep_custody
from chassis.database import begin, engine
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Caller
from chassis.migrations import migrate
from chassis.scope import Custody, Reach
from liheng.suitability.v1 import suitability_pb2 as pb
from liheng.suitability.v1 import suitability_pb2_grpc
from services.suitability.adapters.database import SqlSuitabilityWork
from services.suitability.adapters.matching import live as live_clients
from services.suitability.adapters.matching.live import LiveClients
from services.suitability.bootstrap import SERVICE as SUITABILITY
from services.suitability.bootstrap import rpc as suitability_rpc
from services.suitability.config import SuitabilityConfig
from services.suitability.domain.sale import read_sale
from tests.calling import CALLER_KEY, as_caller, refusal, served
from tests.suitability.integration.stage import ADVISER, Stack
from tests.suitability.samples import INSTITUTION

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
HEAD_OFFICE = Caller("s-all", frozenset({"compliance"}), reach=Reach.INSTITUTION)
STRANGER = Caller("s-far", frozenset({"adviser"}), "t-9", "b-9", reach=Reach.OWN)


@dataclass
class Processes:
    """Two servers on one database; *stack* speaks to the first."""

    stack: Stack
    second: suitability_pb2_grpc.SuitabilityServiceStub

    def outcomes(self, product: str = "P1", caller: Caller = ADVISER, **said: Any) -> Any:
        request = pb.ListEligibleCustomersRequest(product_id=product, **{"outcome": "any", **said})
        both = [
            stub.ListEligibleCustomers(request, metadata=as_caller(caller))
            for stub in (self.stack.stub, self.second)
        ]
        assert both[0] == both[1]
        return {one.customer_id: one.outcome for one in both[0].customers}


@pytest.fixture(scope="module")
def processes(postgres_url: Callable[[str], str]) -> Iterator[Processes]:
    stack = Stack(postgres_url("suitability"))
    config = SuitabilityConfig(
        database_url=stack.url,
        amqp_url="",
        rpc_address="127.0.0.1:0",
        caller_key=CALLER_KEY,
        licence="fund_distributor",
    )
    with ExitStack() as open_servers:
        stubs = [
            suitability_pb2_grpc.SuitabilityServiceStub(
                open_servers.enter_context(served(suitability_rpc(config, stack.clock)))
            )
            for _ in range(2)
        ]
        stack.stub = stubs[0]
        yield Processes(stack, stubs[1])


@pytest.fixture
def both(processes: Processes) -> Processes:
    processes.stack.now = NOON
    return processes


def test_what_changes_is_seen_by_the_next_question(both: Processes) -> None:
    stack = both.stack
    stack.know("e-1", "EC1", issuer_level="R3", seller_level="R3")
    unassessed = both.outcomes("EC1", amount="5000")["e-1"]
    stack.assess("e-1")
    assessed = both.outcomes("EC1", amount="5000")["e-1"]
    stack.know("e-1", "EC1", issuer_level="R5", seller_level="R3")
    riskier = both.outcomes("EC1", amount="5000")["e-1"]
    stack.know("e-2", "EC1", issuer_level="R1", seller_level="R1")
    newcomer = both.outcomes("EC1", amount="5000")

    assert (unassessed, assessed, riskier) == ("REQUIRE", "ALLOW", "BLOCK")
    assert (newcomer["e-1"], newcomer["e-2"]) == ("ALLOW", "REQUIRE")


def test_masks_and_decisions_list_the_same_clients(both: Processes) -> None:
    both.stack.know("e-3", "EC2", issuer_level="R3", seller_level="R3")
    both.stack.assess("e-3")
    both.stack.know("e-4", "EC2", issuer_level="R3", seller_level="R3")
    every = both.outcomes("EC2", amount="5000")

    for outcome in ("ALLOW", "REQUIRE", "BLOCK"):
        wanted = {name for name, found in every.items() if found == outcome}
        assert both.outcomes("EC2", amount="5000", outcome=outcome).keys() == wanted


def test_another_day_is_another_answer(both: Processes) -> None:
    both.stack.know("e-5", "EC3")
    both.stack.assess("e-5")
    today = both.outcomes("EC3", amount="5000")["e-5"]

    both.stack.now = NOON - timedelta(days=1)  # before the assessment, which ASM-09 forbids
    yesterday = both.outcomes("EC3", amount="5000", outcome="BLOCK")

    assert today == "ALLOW"
    assert yesterday["e-5"] == "BLOCK"


def test_pages_follow_one_another_and_reasons_are_told(both: Processes) -> None:
    for name in ("e-6", "e-7", "e-8"):
        both.stack.know(name, "EC4", issuer_level="R5", seller_level="R5")
        both.stack.assess(name)
    found: list[pb.EligibleCustomer] = []
    cursor, pages = "", 0
    while cursor or not pages:
        request = pb.ListEligibleCustomersRequest(
            product_id="EC4", outcome="BLOCK", amount="5000", limit=1, cursor=cursor
        )
        page = both.stack.stub.ListEligibleCustomers(request, metadata=as_caller(ADVISER))
        found += page.customers
        cursor, pages = page.next_cursor, pages + 1

    names = [one.customer_id for one in found]
    assert names == sorted(names)
    assert pages == len(names)
    assert {"e-6", "e-7", "e-8"} <= set(names)
    assert all("MAT-06" in [reason.rule_id for reason in one.reasons] for one in found)


def test_who_is_not_seen_is_not_there(both: Processes) -> None:
    both.stack.know("e-9", "EC5")
    before = both.outcomes("EC5", STRANGER)
    bound = engine(both.stack.url)
    with begin(bound, SqlSuitabilityWork)() as work:
        both.stack.sequence += 1
        move = KeepCustody(
            subject_id="e-9",
            custody=Custody("s-far", "t-9", "b-9"),
            sequence=both.stack.sequence,
        )
        keep_custody(move, work)
        work.commit()
    bound.dispose()

    assert before == {}
    assert list(both.outcomes("EC5", STRANGER)) == ["e-9"]
    assert "e-9" not in both.outcomes("EC5")
    assert "e-9" in both.outcomes("EC5", HEAD_OFFICE, limit=200)


def test_a_change_that_commits_late_is_not_missed(both: Processes) -> None:
    both.stack.know("e-10", "EC6")
    bound = engine(both.stack.url)
    live = LiveClients(bound)
    sale = read_sale(INSTITUTION.document(NOON, {}, {"kind": "public_fund"}, {"channel": "branch"}))
    on = INSTITUTION.day(NOON)
    pack = INSTITUTION.packs.in_force(on)
    refuse = sa.text(
        "UPDATE customers SET facts = CAST('{\"information_refused\": true}' AS json) "
        "WHERE customer_id = 'e-10'"
    )
    with bound.connect() as early, early.begin():
        early.execute(refuse)
        both.stack.know("e-11", "EC6")  # a later transaction is over before
        before = "e-10" in live.shortlist(pack, on, sale, "BLOCK")
    after = "e-10" in live.shortlist(pack, on, sale, "BLOCK")
    bound.dispose()

    assert (before, after) == (False, True)


def test_a_question_does_not_wait_until_all_clients_are_read(
    both: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.stack.know("e-14", "EC7")
    bound = engine(both.stack.url)
    live = LiveClients(bound)
    sale = read_sale(INSTITUTION.document(NOON, {}, {"kind": "public_fund"}, {"channel": "branch"}))
    on = INSTITUTION.day(NOON)
    pack = INSTITUTION.packs.in_force(on)
    with bound.connect() as slow, slow.begin():
        slow.execute(sa.text("LOCK TABLE profiles IN ACCESS EXCLUSIVE MODE"))
        monkeypatch.setattr(live_clients, "PATIENCE", 0.1)
        with pytest.raises(Conflict) as waited:
            live.shortlist(pack, on, sale, "any")
    live.begin().join()
    found = "e-14" in live.shortlist(pack, on, sale, "any")
    live.stop()
    bound.dispose()

    assert (waited.value.code, found) == ("clients_being_read", True)


def test_a_database_that_was_away_at_the_start_is_read_when_it_is_back(both: Processes) -> None:
    both.stack.know("e-15", "EC8")
    away, back = engine("postgresql://nobody@127.0.0.1:1/nowhere"), engine(both.stack.url)
    live = LiveClients(away)
    live.begin().join()
    live.engine = back
    sale = read_sale(INSTITUTION.document(NOON, {}, {"kind": "public_fund"}, {"channel": "branch"}))
    on = INSTITUTION.day(NOON)

    found = "e-15" in live.shortlist(INSTITUTION.packs.in_force(on), on, sale, "any")
    live.stop()
    for one in (away, back):
        one.dispose()

    assert found


def test_clients_of_a_restored_database_are_read_anew(
    create_database: Callable[[str], str],
) -> None:
    older, newer = (Stack(create_database(name)) for name in ("older", "newer"))
    for stack in (older, newer):
        migrate(stack.url, SUITABILITY.migrations)
    older.know("e-older", "P1")
    newer.know("e-newer", "P1")
    bound = [engine(newer.url), engine(older.url)]
    live = LiveClients(bound[0])
    sale = read_sale(INSTITUTION.document(NOON, {}, {"kind": "public_fund"}, {"channel": "branch"}))
    on = INSTITUTION.day(NOON)
    pack = INSTITUTION.packs.in_force(on)
    before = "e-older" in live.shortlist(pack, on, sale, "any")

    live.engine = bound[1]
    after = "e-older" in live.shortlist(pack, on, sale, "any")
    for one in bound:
        one.dispose()

    assert (before, after) == (False, True)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"outcome": "perhaps"}, "outcome"),
        ({"channel": "pigeon"}, "channel"),
        ({"amount": "1e9"}, "amount"),
        ({"limit": 201}, "limit"),
        ({"cursor": "WyJlbGlnaWJsZV9wcm9kdWN0cyIsICJQMSJd"}, "cursor"),
    ],
)
def test_what_cannot_be_read_is_refused(both: Processes, said: dict[str, Any], field: str) -> None:
    request = pb.ListEligibleCustomersRequest(product_id="P1", **said)

    error = refusal(
        lambda: both.stack.stub.ListEligibleCustomers(request, metadata=as_caller(ADVISER))
    )

    assert (type(error), error.field) == (Invalid, field)


def test_an_unknown_product_is_not_found(both: Processes) -> None:
    request = pb.ListEligibleCustomersRequest(product_id="P-nothing")

    error = refusal(
        lambda: both.stack.stub.ListEligibleCustomers(request, metadata=as_caller(ADVISER))
    )

    assert isinstance(error, NotFound)


def shelf(stack: Stack, customer_id: str, *products: str, caller: Caller = ADVISER) -> Any:
    request = pb.DecideShelfRequest(
        customer_id=customer_id,
        product_ids=products,
        amount="5000",
        channel="branch",
        initiated_by="staff",
        recording_consent=True,
    )
    return stack.stub.DecideShelf(request, metadata=as_caller(caller)).decisions


def test_a_shelf_is_decided_product_by_product_and_nothing_is_kept(both: Processes) -> None:
    stack = both.stack
    for product_id, level in (("S1", "R1"), ("S2", "R5")):
        stack.know("e-12", product_id, issuer_level=level, seller_level=level)
    stack.assess("e-12")

    decisions = shelf(stack, "e-12", "S2", "S-nothing", "S1", "S2")

    assert [one.product_id for one in decisions] == ["S2", "S-nothing", "S1"]
    assert [one.outcome for one in decisions] == ["BLOCK", "", "ALLOW"]
    assert "MAT-06" in [reason.rule_id for reason in decisions[0].reasons]
    assert decisions[1].error.code == "product_not_known"
    assert not decisions[2].HasField("error")
    assert stack.announced("e-12") == ["ProfileAssessed"]


def test_a_shelf_of_a_client_of_somebody_else_does_not_exist(both: Processes) -> None:
    both.stack.know("e-13", "S1")

    theirs = refusal(lambda: shelf(both.stack, "e-13", "S1", caller=STRANGER))
    nobodys = refusal(lambda: shelf(both.stack, "e-nobody", "S1", caller=STRANGER))

    assert isinstance(theirs, NotFound)
    assert vars(theirs) == vars(nobodys)


@pytest.mark.parametrize("products", [[], [f"P{place}" for place in range(501)]])
def test_a_shelf_has_from_one_to_five_hundred_products(
    both: Processes, products: list[str]
) -> None:
    error = refusal(lambda: shelf(both.stack, "e-12", *products))

    assert (type(error), error.field) == (Invalid, "product_ids")
