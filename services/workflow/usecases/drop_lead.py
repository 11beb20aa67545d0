"""A lead leads nowhere, and why."""

from dataclasses import dataclass
from datetime import datetime

from services.workflow.domain.actor import Actor
from services.workflow.domain.lead import Lead
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class DropLead:
    lead_id: str
    reason: str
    by: Actor
    at: datetime


def drop_lead(command: DropLead, work: WorkflowWork) -> Lead:
    lead = work.leads.get(command.lead_id)
    dropped = lead.drop(command.reason, by=command.by, at=command.at)
    work.leads.save(lead)
    work.announce(dropped)
    return lead
