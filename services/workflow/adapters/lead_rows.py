"""Leads between the domain and table rows."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.sealing.sealer import Sealer
from services.workflow.adapters.sealing import place_of_lead
from services.workflow.domain.actor import Adviser
from services.workflow.domain.lead import ContactChannel, Lead, LeadContact, LeadState


def to_lead(row: sa.Row[Any], sealer: Sealer) -> Lead:
    def place(field: str) -> str:
        return place_of_lead(row.lead_id, field)

    contacts = sealer.open_json(row.contacts_sealed, place("contacts")) or row.contacts
    reason = sealer.open(row.dropped_reason_sealed, place("dropped_reason"))
    return Lead(
        lead_id=row.lead_id,
        customer_id=row.customer_id,
        source=row.source,
        campaign=row.campaign,
        registered_by=row.registered_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
        state=LeadState(row.state),
        adviser=Adviser(row.adviser_id, row.team_id, row.branch_id),
        contacts=tuple(_contact(stored) for stored in contacts),
        dropped_reason=reason or row.dropped_reason,
        version=row.version,
    )


def lead_values(lead: Lead, sealer: Sealer) -> dict[str, Any]:
    def place(field: str) -> str:
        return place_of_lead(lead.lead_id, field)

    contacts = [_contact_value(contact) for contact in lead.contacts]
    return {
        "lead_id": lead.lead_id,
        "customer_id": lead.customer_id,
        "state": lead.state,
        "source": lead.source,
        "campaign": lead.campaign,
        "registered_by": lead.registered_by,
        "adviser_id": lead.adviser.staff_id,
        "team_id": lead.adviser.team_id,
        "branch_id": lead.adviser.branch_id,
        "contacts": [],
        "contacts_sealed": sealer.seal_json(contacts, place("contacts")),
        "dropped_reason": "",
        "dropped_reason_sealed": sealer.seal(lead.dropped_reason, place("dropped_reason")),
        "version": lead.version + 1,
        "created_at": lead.created_at,
        "updated_at": lead.updated_at,
    }


def _contact(stored: dict[str, str]) -> LeadContact:
    channel, at = ContactChannel(stored["channel"]), datetime.fromisoformat(stored["at"])
    return LeadContact(channel, stored["note"], stored["by"], at)


def _contact_value(contact: LeadContact) -> dict[str, str]:
    return {
        "channel": contact.channel,
        "note": contact.note,
        "by": contact.by,
        "at": contact.at.isoformat(),
    }
