"""A lead got an adviser: so did the prospect behind it."""

from dataclasses import dataclass
from datetime import datetime

from services.customer.domain.staff import Assignment
from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True, kw_only=True)
class AssignProspect:
    customer_id: str
    to: Assignment
    sequence: int
    at: datetime


def assign_prospect(command: AssignProspect, work: CustomerWork) -> None:
    customer = work.customers.get(command.customer_id)
    changed = customer.assign(command.to, sequence=command.sequence, at=command.at)
    work.customers.save(customer)
    if changed:
        work.announce(changed)
