"""Decisions on kept facts: made, kept, and given up when what they rest on changes."""

from datetime import timedelta

import pytest

from chassis.errors import NotFound
from chassis.scope import EVERYTHING, Custody, Reach, Scope
from liheng.suitability.v1 import events_pb2
from services.suitability.adapters.announcements import to_message
from services.suitability.domain.decision import decide
from services.suitability.domain.match import DecisionMade, DecisionStale, Match
from services.suitability.domain.receipt import differences, proof, receipt
from services.suitability.domain.sale import read_sale
from services.suitability.usecases.confirm_level import ConfirmLevel, confirm_level
from services.suitability.usecases.keep_product import KeepProduct, keep_product
from tests.suitability.cases import decided, sale_of
from tests.suitability.samples import (
    CLIENT,
    INSTITUTION,
    NOON,
    assess,
    know_customer,
    know_fund,
    ready,
    sell,
)
from tests.suitability.unit.fakes import FakeWork

DAY = timedelta(days=1)


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    ready(work)
    return work


def made(work: FakeWork) -> Match:
    (match,) = (event.match for event in work.announced if isinstance(event, DecisionMade))
    return match


def stale(work: FakeWork) -> list[str]:
    return [event.reason_en for event in work.announced if isinstance(event, DecisionStale)]


def rate(work: FakeWork, level: str, sequence: int) -> None:
    command = KeepProduct(
        product_id="P1",
        facts={"issuer_level": level, "seller_level": level},
        whole=False,
        sequence=sequence,
        at=NOON + DAY,
        institution=INSTITUTION,
    )
    keep_product(command, work)


def test_a_matching_sale_is_allowed_with_its_obligations(work: FakeWork) -> None:
    sell(work)

    assert made(work).outcome == "ALLOW"
    assert "recording" in made(work).receipt["obligations"]  # type: ignore[operator]
    assert made(work).valid_until == NOON + 30 * DAY


def test_a_decision_is_in_the_trail_with_its_rules_and_the_digest_of_its_receipt(
    work: FakeWork,
) -> None:
    sell(work)

    match = made(work)
    (entry,) = work.recorded
    assert (entry.action, entry.subject) == ("decision.made", match.decision_id)
    assert entry.details["outcome"] == match.outcome
    assert entry.details["receipt"] == proof(match.receipt)
    assert entry.details["rules"]


def test_a_decision_is_announced_with_how_the_sale_was_said_to_be_made(work: FakeWork) -> None:
    sell(work)

    told = to_message(DecisionMade(made(work)))

    assert isinstance(told, events_pb2.DecisionMade)
    assert (told.channel, told.initiated_by) == ("branch", "client")


def test_a_decision_needs_a_known_customer_and_product(work: FakeWork) -> None:
    with pytest.raises(NotFound):
        sell(FakeWork())

    empty = FakeWork()
    know_customer(empty)
    with pytest.raises(NotFound) as refused:
        sell(empty)
    assert refused.value.field == "product_id"


def test_a_client_without_an_assessment_is_not_allowed() -> None:
    work = FakeWork()
    know_customer(work)
    know_fund(work)

    sell(work)

    assert made(work).outcome == "REQUIRE"
    assert made(work).receipt["requires"] == [
        "risk_level",
        "reassessment",
        "lowest_category",
    ]


def test_a_fund_that_became_too_risky_makes_the_decision_stale(work: FakeWork) -> None:
    sell(work)

    rate(work, "R4", sequence=2)

    assert stale(work) == ["the product's terms or rating changed"]
    assert work.matches.rows[made(work).decision_id].staleness is not None


def test_a_new_rating_that_changes_nothing_leaves_the_decision_valid(work: FakeWork) -> None:
    sell(work)

    rate(work, "R2", sequence=2)

    assert stale(work) == []


def test_a_stale_decision_is_given_up_only_once(work: FakeWork) -> None:
    sell(work)

    rate(work, "R4", sequence=2)
    rate(work, "R5", sequence=3)

    assert len(stale(work)) == 1


def test_an_older_announcement_changes_nothing(work: FakeWork) -> None:
    rate(work, "R2", sequence=5)
    sell(work)

    rate(work, "R5", sequence=4)

    assert stale(work) == []
    known = work.products.find("P1")
    assert known is not None
    assert known.facts["issuer_level"] == "R2"


def test_refused_information_makes_the_decision_stale(work: FakeWork) -> None:
    sell(work)

    know_customer(work, sequence=2, at=NOON + DAY, information_refused=True)

    assert stale(work) == ["the client's facts changed"]


def test_a_lower_level_makes_the_decision_stale(work: FakeWork) -> None:
    sell(work)

    assess(work, at=NOON + DAY, wish="lowest", name="a-2")

    assert stale(work) == ["the client's risk profile changed"]


def test_an_expired_decision_is_not_looked_at_again(work: FakeWork) -> None:
    sell(work)

    know_customer(work, sequence=2, at=NOON + 31 * DAY, information_refused=True)

    assert stale(work) == []


def test_confirming_a_level_looks_again_at_what_was_allowed(work: FakeWork) -> None:
    sell(work)
    assess(work, wish="highest", name="a-2")

    command = ConfirmLevel(
        customer_id="c-1",
        level="C5",
        by="client-app",
        roles=CLIENT,
        scope=EVERYTHING,
        at=NOON,
        institution=INSTITUTION,
    )
    confirm_level(command, work)

    assert stale(work) == []


def test_only_who_serves_the_client_decides(work: FakeWork) -> None:
    work.custody.put("c-1", Custody("s-1", "t-1", "b-1"), 1)

    sell(work, scope=Scope(reach=Reach.OWN, staff_id="s-1"))
    with pytest.raises(NotFound) as refused:
        sell(work, scope=Scope(reach=Reach.TEAM, staff_id="s-2", team_id="t-2"))

    assert refused.value.code == "customer_not_known"
    assert len(work.matches.rows) == 1


def test_a_decision_ends_with_the_assessment_it_rests_on() -> None:
    sale = sale_of("bank_wealth", {"customer.assessed_on": ["2025-11-10"]})

    decision = decided(sale)

    assert decision["outcome"] == "ALLOW"
    assert decision["valid_until"] == "2026-11-10T16:00:00+00:00"  # midnight in Shanghai


def test_the_receipt_keeps_where_facts_came_from_and_says_the_same_again(work: FakeWork) -> None:
    know_customer(work, sequence=2, facts_source="client", facts_as_of="2026-10-31")

    sell(work)

    document = made(work).receipt
    given = document["input"]["customer"]  # type: ignore[index]
    assert (given["facts_source"], given["facts_as_of"]) == ("client", "2026-10-31")
    pack = INSTITUTION.packs.named(str(document["rule_pack"]))
    again = decide(read_sale(document["input"]), pack, INSTITUTION.zone)
    assert differences(document, receipt(again)) == []
