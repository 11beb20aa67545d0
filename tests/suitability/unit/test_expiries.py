"""Warnings before an assessment ends: each stage once, on the institution's days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.suitability.domain.expiry import AssessmentExpiring, Expiry, ProfileExpired
from services.suitability.usecases.keep_customer import BroughtLevel, KeepCustomer, keep_customer
from services.suitability.usecases.warn_of_expiries import WarnOfExpiries, warn_of_expiries
from tests.suitability.samples import CUSTOMER, INSTITUTION, NOON, assess, know_customer
from tests.suitability.unit.fakes import FakeWork

DAY = timedelta(days=1)
LAST_DAY = date(2027, 11, 23)  # of what was answered at NOON


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    know_customer(work)
    return work


def warn(work: FakeWork, at: datetime) -> list[object]:
    """What is announced at a moment."""
    before = len(work.announced)
    warn_of_expiries(WarnOfExpiries(today=INSTITUTION.day(at), at=at), work)
    return list(work.announced[before:])


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def bring(work: FakeWork, assessed_on: date, at: datetime = NOON) -> None:
    command = KeepCustomer(
        customer_id="c-1",
        facts=CUSTOMER,
        brought=BroughtLevel("e-1", "C4", assessed_on),
        sequence=1,
        at=at,
        institution=INSTITUTION,
    )
    keep_customer(command, work)


def test_each_stage_is_told_once_and_then_the_end(work: FakeWork) -> None:
    assess(work)

    told = [
        (event.stage if isinstance(event, AssessmentExpiring) else "expired", day)
        for day in (LAST_DAY + number * DAY for number in range(-40, 5))
        for hour in (0, 9)
        for event in warn(work, on(day) + timedelta(hours=hour))
        if isinstance(event, AssessmentExpiring | ProfileExpired)
    ]

    assert told == [
        (30, LAST_DAY - 30 * DAY),
        (7, LAST_DAY - 7 * DAY),
        (0, LAST_DAY),
        ("expired", LAST_DAY + DAY),
    ]


def test_a_warning_says_how_long_there_is_left(work: FakeWork) -> None:
    assess(work)
    at = on(LAST_DAY - 7 * DAY)

    (event,) = warn(work, at)

    assert event == AssessmentExpiring("c-1", "a-1", "C3", 7, 7, LAST_DAY, at)


@pytest.mark.parametrize(
    ("left", "stage"), [(31, None), (29, 30), (8, 30), (6, 7), (1, 7), (0, 0), (-1, "expired")]
)
def test_after_days_without_a_look_only_the_nearest_stage_is_told(
    work: FakeWork, left: int, stage: int | str | None
) -> None:
    assess(work)

    told = warn(work, on(LAST_DAY - left * DAY))

    assert [getattr(event, "stage", "expired") for event in told] == (
        [] if stage is None else [stage]
    )
    if isinstance(stage, int):
        (event,) = told
        assert isinstance(event, AssessmentExpiring)
        assert event.days_left == left


def test_the_day_is_the_institutions(work: FakeWork) -> None:
    assess(work)
    before_midnight = datetime(2027, 10, 23, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai

    assert warn(work, before_midnight) == []
    assert len(warn(work, before_midnight + timedelta(minutes=1))) == 1


def test_a_newer_assessment_ends_the_warnings_of_the_older_one(work: FakeWork) -> None:
    assess(work)
    assert len(warn(work, on(LAST_DAY - 30 * DAY))) == 1
    assess(work, at=on(LAST_DAY - 20 * DAY), name="a-2")

    assert warn(work, on(LAST_DAY - 7 * DAY)) == []
    assert warn(work, on(LAST_DAY + DAY)) == []


def test_warnings_leave_the_profile_as_it_is(work: FakeWork) -> None:
    assess(work)
    before = work.profiles.rows["c-1"].version

    warn(work, on(LAST_DAY))

    assert work.profiles.rows["c-1"].version == before


def test_a_level_brought_along_is_warned_of_by_its_own_day() -> None:
    work = FakeWork()
    bring(work, NOON.date() - 350 * DAY)

    (event,) = warn(work, NOON)

    assert isinstance(event, AssessmentExpiring)
    assert (event.stage, event.days_left) == (30, 15)


def test_a_level_that_was_over_when_it_was_brought_is_told_of_by_nobody() -> None:
    work = FakeWork()
    bring(work, NOON.date() - 400 * DAY)

    assert warn(work, NOON) == []
    assert warn(work, NOON + 400 * DAY) == []


def test_a_batch_takes_the_longest_waiting_and_leaves_the_others() -> None:
    work = FakeWork()
    for number in range(5):
        last_day = LAST_DAY + number * DAY
        work.expiries.put(Expiry(f"c-{number}", f"a-{number}", "C2", last_day, last_day))
    command = WarnOfExpiries(today=LAST_DAY + 10 * DAY, at=NOON, limit=3)

    sizes = [warn_of_expiries(command, work) for _ in range(3)]

    assert sizes == [3, 2, 0]
    assert [event.customer_id for event in work.announced] == [f"c-{n}" for n in range(5)]  # type: ignore[union-attr]


@given(st.sets(st.integers(-60, 20)))
def test_whatever_days_one_looks_no_stage_is_told_twice_or_late(days: set[int]) -> None:
    expiry = Expiry("c-1", "a-1", "C3", LAST_DAY, LAST_DAY - 30 * DAY)
    told: list[AssessmentExpiring | ProfileExpired] = []
    for number in sorted(days):
        today = LAST_DAY + number * DAY
        if expiry.tell_on is not None and expiry.tell_on <= today:
            told.append(expiry.tell(today, on(today)))

    stages = [event.stage if isinstance(event, AssessmentExpiring) else -1 for event in told]
    assert stages == sorted(set(stages), reverse=True)
    if days and max(days) >= -30:
        left = -max(days)
        assert stages[-1] == (-1 if left < 0 else min(one for one in (30, 7, 0) if one >= left))
