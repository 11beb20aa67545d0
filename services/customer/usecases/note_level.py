"""Suitability announced a risk level; the 360° view keeps a copy."""

from dataclasses import dataclass
from datetime import datetime

from services.customer.domain.customer import RiskLevel
from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True, kw_only=True)
class NoteLevel:
    customer_id: str
    risk: RiskLevel
    at: datetime


def note_level(command: NoteLevel, work: CustomerWork) -> None:
    customer = work.customers.get(command.customer_id)
    if customer.take_level(command.risk, command.at):
        work.customers.save(customer)
