"""A client's risk assessments, and the profile that follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.errors import Conflict, Invalid, RuleBroken
from services.suitability.domain.calendar import months_later
from services.suitability.domain.customer_class import (
    ClassApplication,
    CustomerClass,
    CustomerClassChanged,
)

DAY = timedelta(days=1)


class Source(StrEnum):
    QUESTIONNAIRE = "questionnaire"
    IMPORT = "import"


@dataclass(frozen=True)
class Sitting:
    """How a questionnaire was answered: by whom, on what, from when to when (ASM-09)."""

    questionnaire_version: str
    answers: Mapping[str, str]
    author: str
    device: str
    started_at: datetime
    ended_at: datetime

    def refuse_impossible(self, at: datetime) -> None:
        if not self.started_at < self.ended_at <= at:
            raise Invalid(
                "impossible_times",
                "an assessment ends after it starts, and not in the future",
                "测评的结束时间必须晚于开始时间，且不得晚于当前时间",
                field="ended_at",
            )


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """One result, never changed. An imported one says nothing of the lowest category."""

    assessment_id: str
    level: str
    source: Source
    assessed_on: date
    at: datetime
    lowest_category: bool | None = None
    score: int | None = None
    sitting: Sitting | None = None
    questionnaire_digest: str | None = None


@dataclass(frozen=True)
class Limits:
    """S1 Art 29: how often a client may be assessed, and how long a result holds."""

    per_day: int
    per_window: int
    window_months: int
    valid_months: int

    def left_today(self, days: Sequence[date], on: date) -> int:
        return max(0, self.per_day - list(days).count(on))

    def left_in_window(self, days: Sequence[date], on: date) -> int:
        """The corresponding day of a period still counts."""
        recent = [day for day in days if months_later(day, self.window_months) >= on]
        return max(0, self.per_window - len(recent))

    def next_day(self, days: Sequence[date], on: date) -> date:
        """The first day, this one or a later one, on which there is an attempt left."""
        freed = {months_later(day, self.window_months) + DAY for day in days}
        candidates = sorted({on, on + DAY, *(day for day in freed if day > on)})
        return next(
            day
            for day in candidates
            if self.left_today(days, day) and self.left_in_window(days, day)
        )


@dataclass(frozen=True)
class Attempts:
    left_today: int
    left_in_window: int
    next_on: date


@dataclass(frozen=True)
class ProfileAssessed:
    customer_id: str
    assessment: Assessment
    previous_level: str | None
    reconfirmation_needed: bool
    valid_until: date


@dataclass(frozen=True)
class LevelConfirmed:
    """*assessment_id* says which result the client stands by; *by* is the channel they used."""

    customer_id: str
    level: str
    at: datetime
    assessment_id: str
    previous_level: str
    by: str


@dataclass(eq=False)
class RiskProfile:
    """*standing_level* is what the client last stood by: the level before a change is confirmed.

    *elected_class* is what they chose to be, and *election* the application that made it so.
    """

    customer_id: str
    assessments: list[Assessment] = field(default_factory=list)
    standing_level: str | None = None
    version: int = 0
    elected_class: CustomerClass | None = None
    election: str | None = None

    @property
    def current(self) -> Assessment | None:
        return self.assessments[-1] if self.assessments else None

    @property
    def reconfirmation_needed(self) -> bool:
        """A level that differs from the last one waits for the client's second yes (ASM-04)."""
        return self.current is not None and self.current.level != self.standing_level

    def assess(self, assessment: Assessment, limits: Limits) -> ProfileAssessed:
        self._refuse_too_many(assessment.assessed_on, limits)
        self.assessments.append(assessment)
        return self._assessed(assessment, limits)

    def bring(self, assessment: Assessment, limits: Limits) -> ProfileAssessed | None:
        """A level brought along by an import counts only while nothing better is known."""
        if self.assessments:
            return None
        self.assessments.append(assessment)
        return self._assessed(assessment, limits)

    def confirm(self, level: str, *, by: str, at: datetime) -> LevelConfirmed:
        """The client confirms the changed level, naming it."""
        current = self.current
        if current is None or not self.reconfirmation_needed:
            raise Conflict(
                "nothing_to_confirm",
                "there is no changed level that waits for confirmation",
                "没有待确认的等级变化",
            )
        if level != current.level:
            raise Conflict(
                "other_level",
                "this is not the level that waits for confirmation; read the profile again",
                "待确认的不是该等级，请重新查询",
                rule="ASM-04",
                field="risk_level",
            )
        previous, self.standing_level = self.standing_level or "", level
        return LevelConfirmed(self.customer_id, level, at, current.assessment_id, previous, by)

    def elect(self, application: ClassApplication, at: datetime) -> CustomerClassChanged:
        """From now on, until another application is accepted: no rule lets it run out."""
        previous, self.elected_class = self.elected_class, application.wanted
        self.election = application.application_id
        return CustomerClassChanged(
            self.customer_id, application.wanted, previous, application.application_id, at
        )

    def facts(self) -> dict[str, object]:
        """What a decision reads of the profile."""
        current = self.current
        facts: dict[str, object] = {
            "assessed_on": [assessment.assessed_on.isoformat() for assessment in self.assessments]
        }
        if current is not None:
            facts["risk_level"] = current.level
            facts["lowest_category"] = current.lowest_category
        if self.reconfirmation_needed:
            facts |= {"previous_risk_level": self.standing_level, "level_reconfirmed": False}
        if self.elected_class is not None:
            completed = self.elected_class is CustomerClass.PROFESSIONAL
            facts |= {
                "elected_class": str(self.elected_class),
                "conversion_completed": completed,
            }
        return facts

    def _assessed(self, assessment: Assessment, limits: Limits) -> ProfileAssessed:
        previous = self.standing_level
        self.standing_level = previous or assessment.level
        return ProfileAssessed(
            customer_id=self.customer_id,
            assessment=assessment,
            previous_level=previous,
            reconfirmation_needed=self.reconfirmation_needed,
            valid_until=months_later(assessment.assessed_on, limits.valid_months),
        )

    def attempts(self, on: date, limits: Limits) -> Attempts:
        """Whatever brought an assessment, it counts, as it does at a sale (ASM-02)."""
        days = [assessment.assessed_on for assessment in self.assessments]
        return Attempts(
            left_today=limits.left_today(days, on),
            left_in_window=limits.left_in_window(days, on),
            next_on=limits.next_day(days, on),
        )

    def _refuse_too_many(self, on: date, limits: Limits) -> None:
        attempts = self.attempts(on, limits)
        if attempts.left_today == 0:
            raise RuleBroken(
                "too_many_assessments_today",
                f"a client may be assessed {limits.per_day} times a day; "
                f"again on {attempts.next_on}",
                f"同一客户每日风险测评不得超过{limits.per_day}次，{attempts.next_on} 起可再测",
                rule="ASM-02",
            )
        if attempts.left_in_window == 0:
            raise RuleBroken(
                "too_many_assessments",
                f"a client may be assessed {limits.per_window} times "
                f"in {limits.window_months} months; again on {attempts.next_on}",
                f"{limits.window_months}个月内风险测评不得超过{limits.per_window}次，"
                f"{attempts.next_on} 起可再测",
                rule="ASM-02",
            )
