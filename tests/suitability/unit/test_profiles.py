"""Assessments and the profile that follows from them."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from chassis.scope import EVERYTHING, Reach, Scope
from services.suitability.adapters.packs import released_packs
from services.suitability.domain.assessment import (
    Assessment,
    Attempts,
    LevelConfirmed,
    Limits,
    ProfileAssessed,
    RiskProfile,
    Sitting,
    Source,
)
from services.suitability.domain.packs import Packs
from services.suitability.usecases.confirm_level import ConfirmLevel, confirm_level
from services.suitability.usecases.keep_customer import (
    BroughtLevel,
    KeepCustomer,
    keep_customer,
)
from services.suitability.usecases.known import customer_facts
from services.suitability.usecases.next_questionnaire import (
    Asked,
    NextQuestionnaire,
    next_questionnaire,
)
from services.suitability.usecases.submit_assessment import SubmitAssessment, submit_assessment
from tests.suitability.samples import (
    ASKED,
    CLIENT,
    COMPANY_QUESTIONNAIRE,
    CUSTOMER,
    FUND,
    INSTITUTION,
    NOON,
    QUESTIONNAIRE,
    answers,
    assess,
    know_customer,
    sitting,
)
from tests.suitability.unit.fakes import FakeWork

DAY = timedelta(days=1)


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    know_customer(work)
    return work


def confirm(
    work: FakeWork, level: str, roles: frozenset[str] = CLIENT, scope: Scope = EVERYTHING
) -> None:
    confirm_level(
        ConfirmLevel(
            customer_id="c-1",
            level=level,
            by="client-app",
            roles=roles,
            scope=scope,
            at=NOON,
            institution=INSTITUTION,
        ),
        work,
    )


def submit(work: FakeWork, by: frozenset[str], sat: Sitting, scope: Scope = EVERYTHING) -> None:
    submit_assessment(
        SubmitAssessment(
            assessment_id="a-1",
            customer_id="c-1",
            sitting=sat,
            roles=by,
            scope=scope,
            at=NOON,
            institution=INSTITUTION,
        ),
        work,
    )


def last(work: FakeWork) -> ProfileAssessed:
    event = work.announced[-1]
    assert isinstance(event, ProfileAssessed)
    return event


def test_answers_become_a_level_that_holds_for_twelve_months(work: FakeWork) -> None:
    assess(work)

    assert last(work).assessment.level == "C3"
    assert last(work).assessment.lowest_category is False
    assert last(work).valid_until == date(2027, 11, 23)
    assert not last(work).reconfirmation_needed


def test_the_day_of_an_assessment_is_the_institutions(work: FakeWork) -> None:
    assess(work, at=datetime(2026, 11, 23, 20, tzinfo=UTC))

    assert last(work).assessment.assessed_on == date(2026, 11, 24)


@pytest.mark.parametrize(("wish", "level"), [("lowest", "C1"), ("highest", "C5")])
def test_the_score_decides_the_level(work: FakeWork, wish: str, level: str) -> None:
    assess(work, wish=wish)

    assert last(work).assessment.level == level


def test_who_can_bear_no_loss_is_of_the_lowest_category_whatever_the_score() -> None:
    score = QUESTIONNAIRE.score({**answers("highest"), "tolerance": "a"})

    assert (score.level, score.lowest_category) == ("C1", True)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "unknown_answer"),
        ({**answers(), "age": "z"}, "unknown_answer"),
        ({**answers(), "hobby": "a"}, "unknown_question"),
    ],
    ids=["nothing", "an answer that is not offered", "a question that is not asked"],
)
def test_every_question_is_answered_with_what_is_offered(given: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        QUESTIONNAIRE.score(given)

    assert refused.value.code == code


def test_staff_may_not_answer_for_the_client(work: FakeWork) -> None:
    with pytest.raises(Forbidden) as refused:
        submit(work, frozenset({"adviser"}), sitting(NOON))

    assert refused.value.rule == "ASM-09"


@pytest.mark.parametrize("beside", ["adviser", "team_leader", "operations", "a role of tomorrow"])
def test_who_has_a_role_of_staff_beside_the_clients_channel_answers_nothing(
    work: FakeWork, beside: str
) -> None:
    both = CLIENT | {beside}
    assess(work, name="a-1")
    assess(work, wish="highest", name="a-2")
    known = len(work.announced)

    with pytest.raises(Forbidden) as submitting:
        submit(work, both, sitting(NOON))
    with pytest.raises(Forbidden) as confirming:
        confirm(work, "C5", both)

    assert submitting.value.rule == confirming.value.rule == "ASM-09"
    assert len(work.announced) == known


def test_an_assessment_ends_after_it_starts_and_not_in_the_future(work: FakeWork) -> None:
    with pytest.raises(Invalid):
        submit(work, CLIENT, sitting(NOON + DAY))


def test_an_unknown_customer_is_not_assessed() -> None:
    with pytest.raises(NotFound):
        assess(FakeWork())


def test_a_third_assessment_on_one_day_is_refused(work: FakeWork) -> None:
    assess(work, name="a-1")
    assess(work, name="a-2")

    with pytest.raises(RuleBroken) as refused:
        assess(work, name="a-3")

    assert (refused.value.rule, refused.value.code) == ("ASM-02", "too_many_assessments_today")


def test_a_ninth_assessment_in_twelve_months_is_refused(work: FakeWork) -> None:
    for month in range(8):
        assess(work, at=NOON + month * 30 * DAY, name=f"a-{month}")

    with pytest.raises(RuleBroken) as refused:
        assess(work, at=NOON + 365 * DAY, name="a-9")

    assert refused.value.code == "too_many_assessments"
    assess(work, at=NOON + 366 * DAY, name="a-10")


def test_a_level_brought_along_counts_among_the_eight() -> None:
    work = FakeWork()
    bring(work, 1, NOON.date())
    for month in range(7):
        assess(work, at=NOON + (month + 1) * 30 * DAY, name=f"a-{month}")

    with pytest.raises(RuleBroken) as refused:
        assess(work, at=NOON + 365 * DAY, name="a-9")

    assert refused.value.code == "too_many_assessments"


def test_a_level_brought_along_counts_among_the_two_of_its_day() -> None:
    work = FakeWork()
    bring(work, 1, NOON.date())
    assess(work, name="a-1")

    with pytest.raises(RuleBroken) as refused:
        assess(work, name="a-2")

    assert refused.value.code == "too_many_assessments_today"


@given(
    brought=st.booleans(),
    waits=st.lists(st.sampled_from([0, 1, 30, 45, 180, 364, 365, 366]), min_size=3, max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_no_sale_is_blocked_for_an_assessment_that_was_taken(
    brought: bool, waits: list[int]
) -> None:
    bank = replace(INSTITUTION, licence="bank")
    work, at = FakeWork(), NOON
    know_customer(work)
    if brought:
        bring(work, 2, at.date())
    for number, wait in enumerate(waits):
        at += wait * DAY
        with suppress(RuleBroken):
            assess(work, at=at, name=f"a-{number}")

        facts = customer_facts("c-1", work)
        assert facts is not None
        decision = bank.decide(at, facts, {**FUND, "kind": "bank_wealth"}, dict(ASKED))
        verdicts = [each.verdict for each in decision.findings if each.rule.id == "ASM-02"]
        assert verdicts == ["ALLOW"]


@pytest.mark.parametrize(
    "kind", ["company", "financial_institution", "financial_product", "pension_or_charity", "qfii"]
)
def test_an_institution_does_not_answer_what_persons_are_asked(work: FakeWork, kind: str) -> None:
    know_customer(work, 2, kind=kind)

    with pytest.raises(Invalid) as refused:
        submit(work, CLIENT, sitting(NOON))

    assert (refused.value.code, refused.value.field) == ("other_audience", "questionnaire_version")
    assert work.profiles.find("c-1") is None


def test_who_is_of_no_known_kind_is_asked_for_it_before_the_questions() -> None:
    work = FakeWork()
    know_customer(work, kind=None)

    with pytest.raises(RuleBroken) as refused:
        submit(work, CLIENT, sitting(NOON))

    assert (refused.value.rule, refused.value.field) == ("ASM-07", "kind")


def test_a_person_stays_a_person_when_changed_facts_do_not_say_it_again(work: FakeWork) -> None:
    changed = KeepCustomer(
        customer_id="c-1",
        facts={"financial_assets": "900000"},
        sequence=2,
        at=NOON,
        institution=INSTITUTION,
    )

    keep_customer(changed, work)

    known = work.customers.find("c-1")
    assert known is not None
    assert known.facts == {"kind": "person", "financial_assets": "900000"}


def test_only_a_person_can_be_of_the_lowest_category() -> None:
    theirs = replace(QUESTIONNAIRE, audience="company")

    score = theirs.score({**answers("highest"), "tolerance": "a"})

    assert (score.level, score.lowest_category) == ("C1", False)


@pytest.mark.parametrize(
    "kind", ["company", "financial_institution", "financial_product", "pension_or_charity", "qfii"]
)
def test_an_institution_answers_what_institutions_are_asked(work: FakeWork, kind: str) -> None:
    know_customer(work, 2, kind=kind)
    theirs = replace(
        sitting(NOON),
        questionnaire_version=COMPANY_QUESTIONNAIRE.version,
        answers=answers("highest", COMPANY_QUESTIONNAIRE),
    )

    submit(work, CLIENT, theirs)

    made = last(work).assessment
    assert (made.level, made.lowest_category) == ("C5", False)
    assert made.questionnaire_digest == COMPANY_QUESTIONNAIRE.digest


def test_a_version_that_was_answered_is_not_answered_with_other_content(work: FakeWork) -> None:
    assess(work)
    work.questionnaires.digests[QUESTIONNAIRE.version] = "of other content"

    with pytest.raises(Conflict) as refused:
        assess(work, name="a-2")

    assert refused.value.code == "questionnaire_changed"


def asked(work: FakeWork, at: datetime = NOON, scope: Scope = EVERYTHING) -> Asked:
    command = NextQuestionnaire(customer_id="c-1", scope=scope, at=at, institution=INSTITUTION)
    return next_questionnaire(command, work)


def test_a_client_hears_what_they_are_asked_and_how_often_they_may_answer(work: FakeWork) -> None:
    fresh = asked(work)
    assess(work, name="a-1")
    assess(work, name="a-2")
    tired = asked(work)

    assert fresh.questionnaire is QUESTIONNAIRE
    assert fresh.attempts == Attempts(2, 8, NOON.date())
    assert tired.attempts == Attempts(0, 6, NOON.date() + DAY)


def test_after_eight_attempts_the_first_one_has_to_grow_old(work: FakeWork) -> None:
    for month in range(8):
        assess(work, at=NOON + month * 30 * DAY, name=f"a-{month}")

    attempts = asked(work, NOON + 220 * DAY).attempts

    assert attempts == Attempts(2, 0, date(2027, 11, 24))
    with pytest.raises(RuleBroken, match="2027-11-24"):
        assess(work, at=NOON + 220 * DAY, name="too many")
    assess(work, at=NOON + 366 * DAY, name="a-9")


def test_an_institution_hears_its_own_questions(work: FakeWork) -> None:
    know_customer(work, 2, kind="qfii")

    assert asked(work).questionnaire is COMPANY_QUESTIONNAIRE


def test_what_a_client_out_of_scope_is_asked_is_not_told(work: FakeWork) -> None:
    with pytest.raises(NotFound) as refused:
        asked(work, scope=Scope(reach=Reach.OWN, staff_id="s-other"))

    assert refused.value.code == "customer_not_known"


def test_the_limits_and_the_validity_are_the_rule_packs() -> None:
    (pack,) = released_packs().shipped
    strict = replace(
        pack,
        parameters={
            **pack.parameters,
            "assessments_per_day": 1,
            "assessments_per_window": 3,
            "assessment_window_months": 6,
            "assessment_valid_months": 9,
        },
    )
    institution = replace(INSTITUTION, packs=Packs([strict]))

    limits = institution.limits(NOON.date())

    assert limits == Limits(per_day=1, per_window=3, window_months=6, valid_months=9)
    profile = RiskProfile("c-1")
    made = Assessment(
        assessment_id="a-1",
        level="C3",
        source=Source.QUESTIONNAIRE,
        assessed_on=NOON.date(),
        at=NOON,
    )
    assert profile.assess(made, limits).valid_until == date(2027, 8, 23)
    with pytest.raises(RuleBroken, match="1 times a day"):
        profile.assess(made, limits)


def test_a_changed_level_waits_for_the_client(work: FakeWork) -> None:
    assess(work, name="a-1")
    assess(work, wish="highest", name="a-2")

    assert last(work).reconfirmation_needed
    assert last(work).previous_level == "C3"
    profile = work.profiles.find("c-1")
    assert profile is not None
    assert profile.facts()["previous_risk_level"] == "C3"


def test_a_changed_level_still_waits_when_the_same_result_comes_again(work: FakeWork) -> None:
    assess(work, name="a-1")
    assess(work, wish="highest", name="a-2")
    assess(work, at=NOON + DAY, wish="highest", name="a-3")

    assert last(work).reconfirmation_needed


def test_the_client_confirms_a_changed_level(work: FakeWork) -> None:
    assess(work, name="a-1")
    assess(work, wish="highest", name="a-2")

    confirm(work, "C5")

    assert work.announced[-1] == LevelConfirmed("c-1", "C5", NOON, "a-2", "C3", "client-app")
    profile = work.profiles.find("c-1")
    assert profile is not None
    assert not profile.reconfirmation_needed


def test_staff_may_not_confirm_for_the_client(work: FakeWork) -> None:
    with pytest.raises(Forbidden):
        confirm(work, "C5", frozenset({"adviser"}))


@pytest.mark.parametrize("level", ["C3", "C4"])
def test_only_the_level_that_waits_can_be_confirmed(work: FakeWork, level: str) -> None:
    assess(work, name="a-1")
    if level == "C4":
        assess(work, wish="highest", name="a-2")

    with pytest.raises(Conflict):
        confirm(work, level)


def bring(work: FakeWork, sequence: int, assessed_on: date = date(2025, 3, 1)) -> None:
    keep_customer(
        KeepCustomer(
            customer_id="c-1",
            facts=CUSTOMER,
            brought=BroughtLevel(f"e-{sequence}", "C4", assessed_on),
            sequence=sequence,
            at=NOON,
            institution=INSTITUTION,
        ),
        work,
    )


def test_an_imported_level_becomes_the_profile_and_holds_from_its_own_day() -> None:
    work = FakeWork()

    bring(work, 1)

    assert last(work).assessment.source == "import"
    assert last(work).valid_until == date(2026, 3, 1)
    profile = work.profiles.find("c-1")
    assert profile is not None
    assert profile.facts() == {
        "risk_level": "C4",
        "lowest_category": None,
        "assessed_on": ["2025-03-01"],
    }


def test_an_imported_level_does_not_replace_what_the_client_answered(work: FakeWork) -> None:
    assess(work)

    bring(work, 2)

    assert last(work).assessment.level == "C3"


def test_a_client_out_of_scope_is_as_one_that_does_not_exist(work: FakeWork) -> None:
    stranger = Scope(reach=Reach.OWN, staff_id="s-other")

    with pytest.raises(NotFound) as submitting:
        submit(work, CLIENT, sitting(NOON), stranger)
    with pytest.raises(NotFound) as confirming:
        confirm(work, "C3", scope=stranger)

    assert submitting.value.code == confirming.value.code == "customer_not_known"
