"""Somebody who may become a customer is written down; a lead opens."""

from dataclasses import dataclass
from datetime import datetime

from services.customer.domain.customer import Origin, Person, prospect
from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True, kw_only=True)
class RegisterProspect:
    customer_id: str
    person: Person
    origin: Origin
    at: datetime


def register_prospect(command: RegisterProspect, work: CustomerWork) -> str:
    """The id of the lead; registering the same customer id again changes nothing."""
    known = work.customers.find(command.customer_id)
    if known:
        return known.origin.lead_id
    customer = prospect(command.customer_id, command.person, command.origin, command.at)
    work.customers.add(customer)
    work.announce(customer.registered())
    return customer.origin.lead_id
