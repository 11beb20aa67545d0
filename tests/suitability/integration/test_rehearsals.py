"""Rehearsals on the real database: what was decided and what could be offered, tried again."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest

from chassis.errors import Forbidden, NotFound
from chassis.migrations import migrate
from services.suitability.bootstrap import SERVICE
from services.suitability.bootstrap import rpc as suitability_rpc
from services.suitability.usecases import advance_rehearsal
from tests.calling import refusal, served, staff
from tests.suitability.integration.office import CHECKER, MAKER, SHIPPED, Office, rule
from tests.suitability.integration.test_rule_packs import config

BAN = [("matching", rule())]


@pytest.fixture
def office(create_database: Callable[[str], str]) -> Iterator[Office]:
    stack = Office(create_database("rehearsals"))
    migrate(stack.url, SERVICE.migrations)
    with served(suitability_rpc(config(stack.url), stack.clock)) as channel:
        stack.connect(channel)
        yield stack


def two_clients(office: Office) -> None:
    """Of two clients and two products: a fund, and a wealth product that no ban concerns."""
    for client in ("c-1", "c-2"):
        office.know(client, "P1", minimum_amount="1000")
        office.assess(client)
    office.know("c-1", "P2", kind="bank_wealth", minimum_amount="10000")


def test_the_report_says_what_would_have_been_blocked_and_what_would_be(office: Office) -> None:
    two_clients(office)
    office.decide("c-1", sale_id="sale-1", amount="100000")
    office.decide("c-2", sale_id="sale-2", amount="250000.50")
    office.decide("c-1", amount="7000")

    report = office.rehearse(office.draft(rules=BAN))

    assert (report.state, report.attached, report.before) == ("finished", True, SHIPPED)
    assert (report.decisions_done, report.pairs_done, report.unread) == (3, 4, 0)
    assert {(one.part, one.turn): (one.cases, one.money) for one in report.tallies} == {
        ("sales", "blocked"): (2, "350000.5"),
        ("trials", "blocked"): (1, "7000"),
        ("live", "blocked"): (2, "2000"),
    }
    assert office.tallies(report, dimension="rule") == {
        ("sales", "blocked", "OWN-01"): (2, "350000.5"),
        ("trials", "blocked", "OWN-01"): (1, "7000"),
        ("live", "blocked", "OWN-01"): (2, "2000"),
    }
    assert office.tallies(report, dimension="product", part="live").keys() == {
        ("live", "blocked", "P1")
    }
    assert office.tallies(report, dimension="adviser", part="sales") == {
        ("sales", "blocked", "s-wangjun"): (2, "350000.5")
    }
    assert office.tallies(report, dimension="branch", part="live") == {
        ("live", "blocked", "b-1"): (2, "2000")
    }


def test_each_case_is_shown_with_the_rule_behind_it(office: Office) -> None:
    two_clients(office)
    sold = office.decide("c-1", sale_id="sale-1", amount="100000")
    report = office.rehearse(office.draft(rules=BAN))

    (case,) = office.cases(report, part="sales").cases

    assert (case.before, case.after, list(case.rules)) == ("ALLOW", "BLOCK", ["OWN-01"])
    assert (case.customer_id, case.product_id, case.amount) == ("c-1", "P1", "100000")
    assert (case.decision_id, case.sale_id) == (sold.decision_id, "sale-1")
    assert (case.adviser_id, case.branch_id) == ("s-wangjun", "b-1")
    assert len(office.cases(report, customer_id="c-2").cases) == 1
    assert not office.cases(report, rule_id="MAT-03").cases
    first = office.cases(report, limit=2)
    rest = office.cases(report, limit=2, cursor=first.next_cursor)
    assert [one.number for one in (*first.cases, *rest.cases)] == [1, 2, 3]


def test_what_is_asked_for_more_and_what_is_let_go_is_told_apart(office: Office) -> None:
    two_clients(office)
    office.know("c-1", "P4", issuer_level="R4", seller_level="R4", minimum_amount="1")
    asks = rule(clause=[{"when": "True", "verdict": "REQUIRE", "requires": ["house_form"]}])

    stricter = office.rehearse(office.draft(rules=[("matching", asks)]))
    milder = office.rehearse(office.draft(removed_rules=["MAT-06"]))

    assert office.tallies(stricter, turn="required") == {
        ("live", "required", "OWN-01"): (2, "2000")
    }
    assert {key[1:] for key in office.tallies(milder, part="live")} == {("allowed", "MAT-06")}


def test_other_terms_of_the_same_outcome_are_told(office: Office) -> None:
    office.know("c-1", "P1", minimum_amount="1000")
    office.assess("c-1")
    more = rule(clause=[{"when": "True", "obligation": {"name": "disclosure", "house": True}}])

    report = office.rehearse(office.draft(rules=[("matching", more)]))

    assert office.tallies(report) == {("live", "terms", "OWN-01"): (1, "1000")}


def test_a_draft_that_changes_nothing_turns_nothing(office: Office) -> None:
    two_clients(office)
    office.decide("c-1", sale_id="sale-1")

    report = office.rehearse(office.draft())

    assert (report.state, report.decisions_done, report.pairs_done) == ("finished", 1, 4)
    assert not report.tallies


def test_a_rule_that_comes_into_force_with_the_pack_is_tried_on_sales_before_it(
    office: Office,
) -> None:
    two_clients(office)
    office.decide("c-1", sale_id="sale-1")
    later = office.draft("2027-01-01", rules=[("matching", rule(in_force_from="2027-01-01"))])
    too_late = office.draft("2026-12-01", rules=[("matching", rule(in_force_from="2027-01-01"))])

    assert {one.part for one in office.rehearse(later).tallies} == {"sales", "live"}
    assert not office.rehearse(too_late).tallies


def test_of_several_decisions_on_a_sale_the_last_counts(office: Office) -> None:
    two_clients(office)
    for amount in ("1000", "2000", "3000"):
        office.decide("c-1", sale_id="sale-1", amount=amount)

    report = office.rehearse(office.draft(rules=BAN))

    assert office.tallies(report, part="sales") == {("sales", "blocked", "OWN-01"): (1, "3000")}


def test_decisions_before_a_day_can_be_left_out(office: Office) -> None:
    two_clients(office)
    office.decide("c-1", sale_id="sale-1")
    office.now += timedelta(days=2)
    office.decide("c-2", sale_id="sale-2")
    draft = office.draft("2026-11-25", rules=BAN)

    report = office.rehearse(draft, since="2026-11-25")

    assert (report.decisions, report.decisions_done) == (1, 1)
    assert [one.sale_id for one in office.cases(report, part="sales").cases] == ["sale-2"]


def test_batches_that_are_lost_midway_are_done_again_and_counted_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advance_rehearsal, "DECISIONS_AT_ONCE", 1)
    monkeypatch.setattr(advance_rehearsal, "CUSTOMERS_AT_ONCE", 1)
    two_clients(office)
    for number in range(3):
        office.decide("c-1", sale_id=f"sale-{number}", amount="1000")
    draft = office.draft(rules=BAN)
    rehearsal = office.start(draft)

    steps = 0
    while office.advance(rehearsal.rehearsal_id, commit=False):
        office.advance(rehearsal.rehearsal_id)
        steps += 1

    office.advance(rehearsal.rehearsal_id)
    report = office.report(rehearsal.rehearsal_id)
    assert steps >= 5
    assert (report.state, report.decisions_done, report.pairs_done) == ("finished", 3, 4)
    assert {(one.part, one.cases) for one in report.tallies} == {("sales", 3), ("live", 2)}
    assert not office.advance(rehearsal.rehearsal_id)
    assert office.report(rehearsal.rehearsal_id) == report


def test_a_rehearsal_whose_event_was_given_up_says_so_and_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advance_rehearsal, "CUSTOMERS_AT_ONCE", 1)
    two_clients(office)
    rehearsal = office.start(office.draft(rules=BAN))
    early = office.resume()
    office.now += timedelta(minutes=10)
    stalled = office.report(rehearsal.rehearsal_id)

    resumed = office.resume()

    going_on = office.report(rehearsal.rehearsal_id)
    assert (rehearsal.state, early) == ("running", False)
    assert (stalled.state, resumed, going_on.state) == ("stalled", True, "running")
    assert not office.resume()
    while office.advance(rehearsal.rehearsal_id):
        pass
    report = office.report(rehearsal.rehearsal_id)
    assert (report.state, report.pairs_done) == ("finished", 4)
    assert {(one.part, one.cases) for one in report.tallies} == {("live", 2)}


def test_nothing_is_released_without_a_rehearsal(office: Office) -> None:
    draft = office.draft(rules=BAN)

    unrehearsed = refusal(lambda: office.release(draft, rehearsed=False))
    office.start(draft)
    unfinished = refusal(lambda: office.release(draft, rehearsed=False))
    report = office.rehearse(draft)
    released = office.release(draft, rehearsed=False)

    assert (unrehearsed.code, unfinished.code) == ("not_rehearsed", "not_rehearsed")
    assert released.summary.rehearsal_id == report.rehearsal_id


def test_changing_the_draft_takes_its_report_away(office: Office) -> None:
    draft = office.draft(rules=BAN)
    report = office.rehearse(draft)
    office.change(draft, parameters={"special_care_age": 60})

    refused = refusal(lambda: office.release(draft, rehearsed=False))
    detached = office.report(report.rehearsal_id)
    office.change(draft, parameters={"special_care_age": 65})

    assert refused.code == "not_rehearsed"
    assert not detached.attached
    assert office.report(report.rehearsal_id).attached
    assert office.release(draft, rehearsed=False).summary.state == "released"


def test_an_old_report_does_not_count(office: Office) -> None:
    draft = office.draft("2027-02-01", rules=BAN)
    office.rehearse(draft)

    office.now += timedelta(days=30, seconds=1)
    refused = refusal(lambda: office.release(draft, rehearsed=False))

    assert refused.code == "rehearsal_too_old"
    assert office.release(draft).summary.state == "released"


def test_a_report_against_another_pack_does_not_count(office: Office) -> None:
    first, second = office.draft(parameters={"special_care_age": 60}), office.draft(rules=BAN)
    office.rehearse(second)
    released = office.release(first)
    office.change(second, follows=released.summary.edition)

    refused = refusal(lambda: office.release(second, rehearsed=False))

    assert refused.code == "rehearsed_against_another"


def test_a_rehearsal_of_a_draft_that_was_changed_meanwhile_stops(office: Office) -> None:
    draft = office.draft(rules=BAN)
    rehearsal = office.start(draft)
    office.change(draft, parameters={"special_care_age": 60})

    assert not office.advance(rehearsal.rehearsal_id)

    assert office.report(rehearsal.rehearsal_id).state == "stopped"
    assert office.announced(rehearsal.rehearsal_id) == ["RehearsalStarted", "RehearsalFinished"]


def test_a_second_rehearsal_stops_the_first(office: Office) -> None:
    draft = office.draft(rules=BAN)
    first = office.start(draft)

    second = office.rehearse(draft)

    assert office.report(first.rehearsal_id).state == "stopped"
    assert second.state == "finished"


def test_only_who_sees_the_institution_reads_a_report(office: Office) -> None:
    report = office.rehearse(office.draft(rules=BAN))

    for who in (
        staff("s-wangjun", "adviser", team_id="t-1", branch_id="b-1"),
        staff("s-manager", "branch_manager", branch_id="b-1"),
        staff("s-desk", "service_desk"),
        staff("s-root", "administrator"),
    ):
        refused = refusal(partial(office.report, report.rehearsal_id, who))
        assert isinstance(refused, Forbidden)
    for who in (MAKER, CHECKER, staff("s-boss", "management"), staff("s-audit", "auditor")):
        assert office.report(report.rehearsal_id, who).state == "finished"
    assert isinstance(refusal(lambda: office.report("no-such")), NotFound)
    assert refusal(lambda: office.tallies(report, dimension="x")).code == "unknown_dimension"
    assert refusal(lambda: office.cases(report, turn="x")).code == "unknown_turn"


def test_cases_beyond_what_is_kept_are_counted_and_said_to_be_left_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.suitability.domain.rehearsal.MOST_CASES", 1)
    two_clients(office)

    report = office.rehearse(office.draft(rules=BAN))

    assert (report.cases_kept, report.cases_left_out) == (1, 1)
    assert [one.cases for one in report.tallies] == [2]
    assert len(office.cases(report).cases) == 1
