"""When an assessment ends, and which warnings of it are still to be given.

Days are the institution's. Of several stages that passed while nobody looked, only the nearest to
the end is told; an assessment that was over when it came in is told of by nobody.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.suitability.domain.assessment import ProfileAssessed

STAGES = (30, 7, 0)  # days before the last valid day
DAY = timedelta(days=1)


@dataclass(frozen=True)
class AssessmentExpiring:
    """*stage* is one of STAGES; *days_left* the days from the day of the warning to the last."""

    customer_id: str
    assessment_id: str
    level: str
    stage: int
    days_left: int
    valid_until: date
    at: datetime


@dataclass(frozen=True)
class ProfileExpired:
    customer_id: str
    assessment_id: str
    level: str
    valid_until: date
    at: datetime


@dataclass(eq=False)
class Expiry:
    """Of the assessment that counts; a newer one takes its place. *tell_on* is the next day to say
    something, none when all is said.
    """

    customer_id: str
    assessment_id: str
    level: str
    valid_until: date
    tell_on: date | None

    @classmethod
    def of(cls, event: ProfileAssessed, today: date) -> "Expiry":
        first = event.valid_until - STAGES[0] * DAY
        return cls(
            event.customer_id,
            event.assessment.assessment_id,
            event.assessment.level,
            event.valid_until,
            None if event.valid_until < today else max(first, today),
        )

    def tell(self, today: date, at: datetime) -> AssessmentExpiring | ProfileExpired:
        left = (self.valid_until - today).days
        if left < 0:
            self.tell_on = None
            return ProfileExpired(
                self.customer_id, self.assessment_id, self.level, self.valid_until, at
            )
        stage = min(stage for stage in STAGES if stage >= left)
        later = [days for days in (*STAGES, -1) if days < stage]
        self.tell_on = self.valid_until - later[0] * DAY
        return AssessmentExpiring(
            self.customer_id, self.assessment_id, self.level, stage, left, self.valid_until, at
        )
