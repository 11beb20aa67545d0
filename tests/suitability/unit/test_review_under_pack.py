"""Another rule pack takes effect: what was allowed is decided again by it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from services.suitability.adapters.packs import shipped_documents
from services.suitability.domain.institution import Institution
from services.suitability.domain.match import DecisionStale
from services.suitability.domain.pack_edit import PackEdit, RuleTaken, edited
from services.suitability.domain.packs import Packs
from services.suitability.usecases.ports import SuitabilityWork
from services.suitability.usecases.review_under_pack import ReviewUnderPack, review_under_pack
from tests.suitability.samples import INSTITUTION, NOON, ready, sell
from tests.suitability.unit.fakes import FakeWork

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TOMORROW = date(2026, 11, 24)
MIDNIGHT = datetime.fromisoformat("2026-11-24T00:00:00+08:00")
STOP: dict[str, object] = {
    "id": "OWN-01",
    "regulation": "S1",
    "article": "第一条",
    "status": "read",
    "scope": "product.kind == 'public_fund' and request.amount > 50000",
    "zh": "公募基金暂停销售。",
    "en": "Public funds are not sold for now.",
    "clause": [{"when": "True", "verdict": "BLOCK"}],
}


def from_tomorrow(*rules: dict[str, object], first: date = TOMORROW) -> Institution:
    taken = tuple(RuleTaken("matching", rule) for rule in rules)
    (*_, shipped) = shipped_documents()
    own = edited(shipped, PackEdit(edition="own-1", effective_from=first, rules=taken))
    packs = Packs([document.read() for document in shipped_documents()], own=[own.read()])
    return replace(INSTITUTION, packs=packs)


def tick(work: SuitabilityWork, institution: Institution, at: datetime, limit: int = 100) -> int:
    command = ReviewUnderPack(
        review_id=f"review-{at.isoformat()}", at=at, institution=institution, limit=limit
    )
    return review_under_pack(command, work)


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    ready(work)
    return work


def stale(work: FakeWork) -> list[str]:
    events = (event for event in work.announced if isinstance(event, DecisionStale))
    return [event.match.decision_id for event in events]


def sold(work: FakeWork, number: int = 0, amount: str = "100000") -> str:
    return sell(work, at=NOON + number * MINUTE, amount=amount).decision_id


def test_what_the_new_pack_blocks_is_given_up_from_its_first_moment(work: FakeWork) -> None:
    institution = from_tomorrow(STOP)
    blocked, small = sold(work), sold(work, 1, amount="50000")
    tick(work, institution, NOON)
    tick(work, institution, MIDNIGHT - MINUTE)
    assert stale(work) == []

    tick(work, institution, MIDNIGHT)
    tick(work, institution, MIDNIGHT + MINUTE)

    assert stale(work) == [blocked]
    assert work.matches.rows[small].staleness is None
    (event,) = (event for event in work.announced if isinstance(event, DecisionStale))
    assert "rule pack" in event.reason_en
    assert "规则包" in event.reason_zh


def test_a_pack_that_asks_for_nothing_else_leaves_decisions_alone(work: FakeWork) -> None:
    sold(work)

    tick(work, from_tomorrow(), MIDNIGHT)
    looked_at = tick(work, from_tomorrow(), MIDNIGHT + MINUTE)

    assert (looked_at, stale(work)) == (1, [])


def test_decisions_under_way_when_the_pack_changes_are_waited_for(work: FakeWork) -> None:
    institution = from_tomorrow(STOP)
    tick(work, institution, MIDNIGHT)
    tick(work, institution, MIDNIGHT + MINUTE - timedelta(seconds=1))
    late = sold(work)

    tick(work, institution, MIDNIGHT + MINUTE)

    assert stale(work) == [late]


def test_batches_go_on_where_the_last_one_ended(work: FakeWork) -> None:
    institution = from_tomorrow(STOP)
    decisions = [sold(work, number) for number in range(5)]
    tick(work, institution, MIDNIGHT)
    after = MIDNIGHT + MINUTE

    batches = [tick(work, institution, after, limit=2) for _ in range(4)]

    assert batches == [2, 2, 1, 0]
    assert stale(work) == decisions


def test_a_review_that_is_over_does_not_begin_again(work: FakeWork) -> None:
    institution = from_tomorrow(STOP)
    sold(work)
    for minutes in range(4):
        tick(work, institution, MIDNIGHT + minutes * MINUTE)

    assert len(work.pack_reviews.rows) == 1
    assert len(stale(work)) == 1


def test_a_pack_that_comes_back_is_looked_at_again(work: FakeWork) -> None:
    blocking, mild = from_tomorrow(STOP), INSTITUTION
    for institution in (blocking, mild, blocking):
        at = MIDNIGHT + len(work.pack_reviews.rows) * DAY
        tick(work, institution, at)

    assert [review.rule_pack for review in work.pack_reviews.rows.values()] == [
        "own-1",
        INSTITUTION.packs.in_force(TOMORROW).name,
        "own-1",
    ]
