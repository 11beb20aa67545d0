"""A member of staff joined, was renamed, moved or left."""

from dataclasses import dataclass
from datetime import datetime

from services.analytics.domain.names import StaffMember, Team
from services.analytics.usecases.ports import AnalyticsWork


@dataclass(frozen=True, kw_only=True)
class IntroduceMember:
    member: StaffMember
    team: Team | None
    at: datetime


def introduce_member(command: IntroduceMember, work: AnalyticsWork) -> None:
    work.freshness.note(command.at)
    work.names.keep_member(command.member)
    if command.team:
        work.names.keep_team(command.team)
