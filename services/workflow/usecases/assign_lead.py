"""A lead is given to an adviser of the staff register."""

from dataclasses import dataclass
from datetime import datetime

from services.workflow.domain.lead import Lead
from services.workflow.domain.register import unknown_adviser
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class AssignLead:
    lead_id: str
    adviser_id: str
    by: str
    at: datetime


def assign_lead(command: AssignLead, work: WorkflowWork) -> Lead:
    lead = work.leads.get(command.lead_id)
    member = work.register.staff_member(command.adviser_id)
    if member is None:
        raise unknown_adviser()
    assigned = lead.assign(member.as_adviser(), by=command.by, at=command.at)
    if assigned:
        work.leads.save(lead)
        work.announce(assigned)
    return lead
