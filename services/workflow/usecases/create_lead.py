"""Somebody who may become a customer is entered as a lead, once."""

from dataclasses import dataclass
from datetime import datetime

from services.workflow.domain.lead import Lead
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class CreateLead:
    lead_id: str
    customer_id: str
    source: str
    campaign: str
    by: str
    at: datetime


def create_lead(command: CreateLead, work: WorkflowWork) -> Lead:
    """Whoever comes second, the caller or the prospect's event, finds it done."""
    lead = Lead(
        lead_id=command.lead_id,
        customer_id=command.customer_id,
        source=command.source,
        campaign=command.campaign,
        registered_by=command.by,
        created_at=command.at,
        updated_at=command.at,
    )
    created = lead.create()
    if work.leads.add(lead):
        work.announce(created)
        return lead
    known = work.leads.get(command.lead_id)
    known.check_same_prospect(command.customer_id)
    return known
