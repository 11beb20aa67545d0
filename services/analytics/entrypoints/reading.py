"""Read what callers ask for."""

from typing import Protocol

from chassis.errors import Invalid
from chassis.identity import Caller
from chassis.inputs import identifier
from chassis.scope import Scope
from services.analytics.adapters.queries import Question
from services.analytics.adapters.rankings import RANKED_BY
from services.analytics.domain.month import Month

USUAL_MONTHS = 12
MOST_MONTHS = 120


class Period(Protocol):
    """What every request has in common."""

    from_month: str
    to_month: str
    team_id: str


def read_question(request: Period, who: Caller, *, current: Month) -> Question:
    """Months that have not begun are left out."""
    first, last = read_months(request.from_month, request.to_month, current)
    return Question(first, min(last, current), read_team(request.team_id), figures_of(who))


def figures_of(who: Caller) -> Scope:
    """A grant opens clients, not figures: those belong to whoever was in charge at the time."""
    return Scope(
        reach=who.reach, staff_id=who.staff_id, team_id=who.team_id, branch_id=who.branch_id
    )


def read_months(from_month: str, to_month: str, current: Month) -> tuple[Month, Month]:
    last = read_month(to_month, "to_month") if to_month else current
    first = read_month(from_month, "from_month") if from_month else last.plus(1 - USUAL_MONTHS)
    if not 0 <= first.months_to(last) < MOST_MONTHS:
        raise Invalid(
            "not_a_period",
            f"from_month must not be after to_month, nor more than {MOST_MONTHS} months before",
            f"from_month 不能晚于 to_month，且最多跨 {MOST_MONTHS} 个月",
            field="from_month",
        )
    return first, last


def read_month(text: str, field: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise Invalid(
            "not_a_month",
            f"{field} is not a month such as 2026-11",
            f"{field} 不是月份，应如 2026-11",
            field=field,
        ) from None


def read_team(text: str) -> str:
    return identifier(text, "team_id") if text else ""


def read_measure(text: str) -> str:
    """What advisers are ranked by."""
    measure = text or "aum"
    if measure not in RANKED_BY:
        known = ", ".join(RANKED_BY)
        raise Invalid(
            "unknown_measure", f"by must be one of: {known}", f"by 只能是：{known}", field="by"
        )
    return measure
