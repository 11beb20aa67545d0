"""What every SuitabilityWork must do, the fake included."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chassis.database import begin, engine
from chassis.errors import Conflict
from chassis.migrations import migrate
from services.suitability.adapters.database import SqlSuitabilityWork
from services.suitability.bootstrap import SERVICE
from services.suitability.domain.holding import Fit, Holding, Opinion
from services.suitability.domain.match import FACTS, Match, Staleness
from services.suitability.domain.pack_review import PackReview
from services.suitability.domain.price import Price
from services.suitability.domain.rematch import Rematch
from services.suitability.usecases.ports import Kept, SuitabilityWork
from tests.suitability.samples import NOON, QUESTIONNAIRE, assess, know_customer, ready, sell
from tests.suitability.unit.fakes import fake_begin

Begin = Callable[[], AbstractContextManager[SuitabilityWork]]
DAY = timedelta(days=1)


@pytest.fixture(params=["fake", "sql"])
def work(request: pytest.FixtureRequest) -> Iterator[Begin]:
    if request.param == "fake":
        yield fake_begin()
        return
    url = request.getfixturevalue("create_database")("suitability_work")
    migrate(url, SERVICE.migrations)
    bound = engine(url)
    yield begin(bound, SqlSuitabilityWork)
    bound.dispose()


def open_matches(work: SuitabilityWork) -> list[Match]:
    return list(work.matches.open_of_customer("c-1", NOON))


def test_kept_facts_are_found_as_they_were_announced(work: Begin) -> None:
    with work() as first:
        know_customer(first, guardian_consent=True)
        first.commit()

    with work() as second:
        known = second.customers.find("c-1")
        assert known is not None
        assert known.facts["guardian_consent"] is True
        assert known.facts["financial_assets"] == "800000"
        assert known.sequence == 1


def test_uncommitted_facts_are_not_found(work: Begin) -> None:
    with work() as first:
        know_customer(first)

    with work() as second:
        assert second.customers.find("c-1") is None


def test_facts_are_read_on_in_order(work: Begin) -> None:
    with work() as first:
        for subject in ("P-3", "P-1", "P-2"):
            first.products.keep(Kept(subject, {"kind": subject}, 1, NOON))
        first.commit()

    with work() as second:
        assert [one.subject for one in second.products.after("", 2)] == ["P-1", "P-2"]
        (last,) = second.products.after("P-2", 2)
        assert (last.subject, last.facts["kind"]) == ("P-3", "P-3")
        assert second.products.after("P-3", 2) == []


def test_older_facts_never_replace_newer_ones(work: Begin) -> None:
    with work() as first:
        first.products.keep(Kept("P1", {"kind": "public_fund"}, 7, NOON))
        first.products.keep(Kept("P1", {"kind": "private_fund"}, 6, NOON))
        first.commit()

    with work() as second:
        known = second.products.claim("P1")
        assert known is not None
        assert known.facts == {"kind": "public_fund"}


def test_a_profile_keeps_all_its_assessments(work: Begin) -> None:
    with work() as first:
        know_customer(first)
        assess(first, name="a-1")
        assess(first, at=NOON + DAY, wish="highest", name="a-2")
        first.commit()

    with work() as second:
        profile = second.profiles.find("c-1")
        assert profile is not None
        assert [one.level for one in profile.assessments] == ["C3", "C5"]
        assert profile.reconfirmation_needed
        sitting = profile.assessments[0].sitting
        assert sitting is not None
        assert (sitting.author, sitting.device) == ("client-app", "phone-1")


def test_a_questionnaire_is_kept_with_its_first_answers_and_not_changed(work: Begin) -> None:
    changed = replace(QUESTIONNAIRE, effective_from=QUESTIONNAIRE.effective_from - DAY)
    with work() as first:
        know_customer(first)
        assess(first)
        first.commit()

    with work() as second:
        second.questionnaires.note(QUESTIONNAIRE, NOON)
        profile = second.profiles.find("c-1")
        assert profile is not None
        assert profile.assessments[0].questionnaire_digest == QUESTIONNAIRE.digest
        with pytest.raises(Conflict, match=QUESTIONNAIRE.version):
            second.questionnaires.note(changed, NOON)


def test_of_a_clients_assessments_the_last_one_is_to_be_told_of(work: Begin) -> None:
    with work() as first:
        know_customer(first)
        assess(first, name="a-1")
        assess(first, at=NOON + DAY, name="a-2")
        first.commit()

    with work() as second:
        assert second.expiries.claim_due(date(2027, 10, 24), 10) == []
        (due,) = second.expiries.claim_due(date(2027, 10, 25), 10)
        assert (due.assessment_id, due.level, due.valid_until) == ("a-2", "C3", date(2027, 11, 24))
        due.tell_on = None
        second.expiries.save(due)
        second.commit()

    with work() as third:
        assert third.expiries.claim_due(date(2028, 1, 1), 10) == []


def test_a_profile_saved_by_somebody_else_meanwhile_is_a_conflict(work: Begin) -> None:
    with work() as first:
        know_customer(first)
        assess(first)
        first.commit()

    with work() as second:
        profile = second.profiles.find("c-1")
        assert profile is not None
        profile.version -= 1
        with pytest.raises(Conflict):
            second.profiles.save(profile)


def test_a_decision_is_kept_with_its_receipt(work: Begin) -> None:
    with work() as first:
        ready(first)
        sell(first)
        first.commit()

    with work() as second:
        (match,) = open_matches(second)
        assert match.outcome == "ALLOW"
        assert match.receipt["rule_pack"] == "cn-2026-02"
        assert match.asked["amount"] == "100000"
        assert match.at == NOON


@pytest.mark.parametrize("amount", ["100000", "0.01", "99999999999999.99"])
def test_an_amount_is_kept_to_the_cent(work: Begin, amount: str) -> None:
    with work() as first:
        ready(first)
        sell(first, amount=amount)
        first.commit()

    with work() as second:
        (match,) = second.matches.open_of_product("P1", NOON)
        assert match.amount == Decimal(amount)


def test_a_stale_or_expired_decision_is_not_open(work: Begin) -> None:
    with work() as first:
        ready(first)
        sell(first)
        sell(first, at=NOON + DAY)
        (stale, _) = open_matches(first)
        stale.staleness = Staleness(FACTS.en, FACTS.zh, NOON)
        first.matches.save(stale)
        first.commit()

    with work() as second:
        (left,) = open_matches(second)
        assert left.at == NOON + DAY
        assert second.matches.open_of_customer("c-1", NOON + 40 * DAY) == []


def test_a_decision_given_up_by_somebody_else_meanwhile_is_a_conflict(work: Begin) -> None:
    with work() as first:
        ready(first)
        sell(first)
        first.commit()

    with work() as second:
        (match,) = open_matches(second)
        second.matches.save(match)
        match.version -= 1
        with pytest.raises(Conflict):
            second.matches.save(match)


def test_a_message_is_new_only_once(work: Begin) -> None:
    with work() as first:
        assert not first.already_handled("m-1")
        first.commit()

    with work() as second:
        assert second.already_handled("m-1")


def test_open_decisions_of_other_packs_come_in_order_and_in_part(work: Begin) -> None:
    with work() as first:
        ready(first)
        made = [sell(first, NOON + timedelta(minutes=number)).decision_id for number in range(3)]
        gone = first.matches.open_of_customer("c-1", NOON)[1]
        gone.given_up(FACTS, NOON)
        first.matches.save(gone)
        first.commit()

    with work() as second:
        pack = str(gone.receipt["rule_pack"])
        others = second.matches.open_under_others("another", "", NOON, 10)
        following = second.matches.open_under_others("another", made[0], NOON, 10)
        assert [match.decision_id for match in others] == [made[0], made[2]]
        assert [match.decision_id for match in following] == [made[2]]
        assert len(second.matches.open_under_others("another", "", NOON, 1)) == 1
        assert second.matches.open_under_others(pack, "", NOON, 10) == []
        assert second.matches.open_under_others("another", "", NOON + 31 * DAY, 10) == []


def test_a_review_under_a_pack_is_found_as_far_as_it_went(work: Begin) -> None:
    with work() as first:
        assert first.pack_reviews.claim_newest() is None
        for number in range(2):
            at = NOON + timedelta(minutes=number)
            first.pack_reviews.add(
                PackReview(review_id=f"r-{number}", rule_pack=f"p-{number}", noticed_at=at)
            )
        first.commit()

    with work() as second:
        newest = second.pack_reviews.claim_newest()
        assert newest is not None
        newest.advance("d-7", NOON, last=True)
        second.pack_reviews.save(newest)
        second.commit()

    with work() as third:
        kept = third.pack_reviews.claim_newest()
        assert kept is not None
        assert vars(kept) == vars(newest)
        assert (kept.rule_pack, kept.reached, kept.finished_at) == ("p-1", "d-7", NOON)


def test_the_price_of_the_newest_day_is_found_and_what_was_told_by_then(work: Begin) -> None:
    def price(nav: str, day: int, sequence: int) -> Price:
        at = NOON + timedelta(minutes=sequence)
        return Price("P1", Decimal(nav), date(2026, 11, day), sequence, at)

    with work() as first:
        for told in (price("1.1", 20, 1), price("1.2", 21, 2), price("0.9", 19, 3)):
            first.prices.keep(told)
        first.prices.keep(price("7", 21, 2))
        first.commit()

    with work() as second:
        assert second.prices.newest("P1") == price("1.2", 21, 2)
        assert second.prices.at("P1", NOON + timedelta(minutes=1)) == price("1.1", 20, 1)
        assert second.prices.at("P1", NOON) is None
        assert second.prices.newest("P2") is None


def test_holdings_are_found_as_they_were_kept_while_anything_is_held(work: Begin) -> None:
    opinion = Opinion(
        fit=Fit.MISMATCH,
        client_level="C2",
        product_level="R4",
        rule_ids=("MAT-05",),
        rule_pack="cn-2026-02",
        level_until=date(2026, 12, 1),
    )
    held = Holding(
        customer_id="c-2",
        product_id="P1",
        units=Decimal("10.5"),
        sequence=4,
        opinion=opinion,
        matched_at=NOON,
    )
    others = [replace(held, customer_id="c-1"), replace(held, customer_id="c-3", opinion=None)]
    gone = replace(held, product_id="P2", units=Decimal(0))
    with work() as first:
        for holding in (held, *others, gone):
            first.holdings.save([replace(holding, units=Decimal(99))])
            first.holdings.save([holding])
        first.commit()

    with work() as second:
        holdings = second.holdings
        (found,) = holdings.of_customer("c-2")
        assert vars(found) == vars(held)
        assert set(holdings.claim("c-2", ["P2", "P3"])) == {"P2"}
        assert list(holdings.holders("P1", "", 10)) == ["c-1", "c-2", "c-3"]
        assert list(holdings.holders("P1", "c-1", 1)) == ["c-2"]
        assert list(holdings.with_expired_level(date(2026, 12, 2), 10)) == ["c-1", "c-2"]
        assert list(holdings.with_expired_level(date(2026, 12, 1), 10)) == []


def test_the_oldest_matching_that_waits_comes_next(work: Begin) -> None:
    with work() as first:
        for number in (2, 1):
            at = NOON + timedelta(minutes=number)
            first.rematches.add(Rematch(rematch_id=f"P1.{number}", product_id="P1", noticed_at=at))
        first.commit()

    with work() as second:
        oldest = second.rematches.claim_next()
        assert oldest is not None
        oldest.count("c-7", mismatch=True)
        assert oldest.finish(NOON) is not None
        second.rematches.save(oldest)
        second.commit()

    with work() as third:
        following = third.rematches.claim_next()
        assert (oldest.rematch_id, following and following.rematch_id) == ("P1.1", "P1.2")
