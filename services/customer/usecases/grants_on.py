"""What a member of staff was granted of one client, as of a moment."""

from collections.abc import Sequence
from datetime import datetime

from services.customer.domain.customer import Customer
from services.customer.domain.grant import Grant, Opened
from services.customer.usecases.ports import CustomerWork


def grants_on(
    customer: Customer, staff_id: str, at: datetime, work: CustomerWork
) -> Sequence[Grant]:
    """Of the client alone, or of all that their adviser looks after."""
    opened = [Opened(customer_id=customer.customer_id)]
    if customer.assignment.adviser_id:
        opened.append(Opened(adviser_id=customer.assignment.adviser_id))
    return work.grants.active(staff_id, opened, at)
