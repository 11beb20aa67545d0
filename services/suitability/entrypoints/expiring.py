"""Risk profiles by their last valid day, as they are asked for."""

import re
from datetime import date, timedelta

from chassis.errors import Invalid
from liheng.suitability.v1 import suitability_pb2 as pb
from services.suitability.adapters.queries import ProfilesWanted

WITHIN = re.compile(r"(\d{1,3})d", re.ASCII)
STATES = ("current", "expired")
DAY = timedelta(days=1)


def profiles_wanted(request: pb.ListRiskProfilesRequest, today: date) -> ProfilesWanted:
    """A profile is current up to and with its last valid day."""
    if request.state not in ("", *STATES):
        raise unknown_state()
    earliest = today if request.expiring_within or request.state == "current" else None
    latest = today + _days(request.expiring_within) if request.expiring_within else None
    if request.state == "expired":
        latest = min(today - DAY, latest or today)
    return ProfilesWanted(earliest, latest, request.sort)


def _days(text: str) -> timedelta:
    found = WITHIN.fullmatch(text)
    if found is None:
        raise Invalid(
            "unreadable_period",
            "expiring_within must be a number of days such as 30d",
            "expiring_within 须为天数，例如 30d",
            field="expiring_within",
        )
    return timedelta(days=int(found[1]))


def unknown_state() -> Invalid:
    names = ", ".join(STATES)
    return Invalid("unknown_state", f"must be one of: {names}", f"只能是：{names}", field="state")
