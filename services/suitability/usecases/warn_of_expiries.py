"""Assessments that end soon, or ended, are announced: each stage of each once."""

from dataclasses import dataclass
from datetime import date, datetime

from services.suitability.usecases.ports import SuitabilityWork

BATCH = 200


@dataclass(frozen=True, kw_only=True)
class WarnOfExpiries:
    today: date  # the institution's
    at: datetime
    limit: int = BATCH  # the others wait for the next batch


def warn_of_expiries(command: WarnOfExpiries, work: SuitabilityWork) -> int:
    """How many were told. Those that somebody else is telling now are left to them."""
    due = work.expiries.claim_due(command.today, command.limit)
    for expiry in due:
        event = expiry.tell(command.today, command.at)
        work.expiries.save(expiry)
        work.announce(event)
    return len(due)
