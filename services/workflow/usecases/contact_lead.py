"""The adviser in charge got in touch with a lead."""

from dataclasses import dataclass
from datetime import datetime

from services.workflow.domain.actor import Actor
from services.workflow.domain.lead import ContactChannel, Lead, LeadContact
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class ContactLead:
    lead_id: str
    channel: ContactChannel
    note: str
    by: Actor
    at: datetime


def contact_lead(command: ContactLead, work: WorkflowWork) -> Lead:
    lead = work.leads.get(command.lead_id)
    contact = LeadContact(command.channel, command.note, command.by.staff_id, command.at)
    contacted = lead.contact(contact, command.by)
    work.leads.save(lead)
    work.announce(contacted)
    return lead
