"""What is known of a customer's finances is brought up to date."""

from dataclasses import dataclass
from datetime import datetime

from services.customer.domain.facts import Facts, FactsVersion
from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True, kw_only=True)
class UpdateFacts:
    customer_id: str
    facts: Facts
    by: str
    at: datetime


def update_facts(command: UpdateFacts, work: CustomerWork) -> Facts:
    """The facts as they are known now."""
    customer = work.customers.get(command.customer_id)
    customer.check_birth_date(command.facts)
    changed = customer.update_facts(command.facts, by=command.by, at=command.at)
    if changed:
        work.customers.save(customer)
        work.customers.keep_facts(
            [FactsVersion(customer.customer_id, changed.facts, command.by, command.at)]
        )
        work.announce(changed)
    return customer.facts
