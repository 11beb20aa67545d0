"""A lead was qualified: the prospect is a customer from now on."""

from dataclasses import dataclass
from datetime import datetime

from services.customer.domain.staff import Assignment
from services.customer.usecases.ports import CustomerWork

FROM_A_LEAD = "lead"


@dataclass(frozen=True, kw_only=True)
class OnboardProspect:
    customer_id: str
    to: Assignment
    sequence: int
    at: datetime


def onboard_prospect(command: OnboardProspect, work: CustomerWork) -> None:
    customer = work.customers.get(command.customer_id)
    changed = customer.assign(command.to, sequence=command.sequence, at=command.at)
    onboarded = customer.onboard(FROM_A_LEAD, command.at)
    work.customers.save(customer)
    if changed:
        work.announce(changed)
    if onboarded:
        work.announce(onboarded)
