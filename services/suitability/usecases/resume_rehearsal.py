"""Go on with a rehearsal that nobody goes on with: the event of its next batch was given up."""

from dataclasses import dataclass
from datetime import datetime

from services.suitability.domain.institution import Institution
from services.suitability.domain.rehearsal import STALLED_AFTER
from services.suitability.usecases.advance_rehearsal import AdvanceRehearsal, advance_rehearsal
from services.suitability.usecases.ports import SuitabilityWork


@dataclass(frozen=True, kw_only=True)
class ResumeRehearsal:
    at: datetime
    institution: Institution


def resume_rehearsal(command: ResumeRehearsal, work: SuitabilityWork) -> bool:
    """Do the next batch of the one that stalled longest ago; whether there was one."""
    stalled = work.rehearsals.stalled(command.at - STALLED_AFTER)
    if stalled is None:
        return False
    advance_rehearsal(
        AdvanceRehearsal(rehearsal_id=stalled, at=command.at, institution=command.institution),
        work,
    )
    return True
