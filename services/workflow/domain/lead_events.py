"""What happens to leads."""

from dataclasses import dataclass
from datetime import datetime

from services.workflow.domain.actor import Adviser


@dataclass(frozen=True)
class LeadCreated:
    lead_id: str
    customer_id: str
    source: str
    campaign: str
    at: datetime


@dataclass(frozen=True)
class LeadAssigned:
    lead_id: str
    customer_id: str
    adviser: Adviser
    assigned_by: str
    at: datetime


@dataclass(frozen=True)
class LeadContacted:
    lead_id: str
    customer_id: str
    adviser: Adviser
    channel: str
    at: datetime


@dataclass(frozen=True)
class LeadQualified:
    lead_id: str
    customer_id: str
    adviser: Adviser
    at: datetime


@dataclass(frozen=True)
class LeadDropped:
    lead_id: str
    customer_id: str
    adviser: Adviser
    at: datetime


LeadEvent = LeadCreated | LeadAssigned | LeadContacted | LeadQualified | LeadDropped
