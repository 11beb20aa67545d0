"""A lead is good: the prospect becomes a customer."""

from dataclasses import dataclass
from datetime import datetime

from services.workflow.domain.actor import Actor
from services.workflow.domain.lead import Lead
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class QualifyLead:
    lead_id: str
    by: Actor
    at: datetime


def qualify_lead(command: QualifyLead, work: WorkflowWork) -> Lead:
    lead = work.leads.get(command.lead_id)
    qualified = lead.qualify(by=command.by, at=command.at)
    work.leads.save(lead)
    work.announce(qualified)
    return lead
