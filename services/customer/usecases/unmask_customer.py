"""Somebody needs personal data in clear, and says what for; the trail remembers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.trail import Entry
from services.customer.domain.unmasking import (
    Field,
    Purpose,
    Unmasking,
    check_purpose,
    in_clear,
)
from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True, kw_only=True)
class UnmaskCustomer:
    customer_id: str
    fields: tuple[Field, ...]
    purpose: Purpose
    note: str
    by: str
    roles: frozenset[str]
    at: datetime


def unmask_customer(command: UnmaskCustomer, work: CustomerWork) -> Mapping[Field, str]:
    """What was asked for; nobody sees it before the entry is committed."""
    customer = work.customers.get(command.customer_id)
    check_purpose(command.purpose, command.roles)
    unmasking = Unmasking(
        customer_id=command.customer_id,
        fields=command.fields,
        purpose=command.purpose,
        note=command.note,
        shown_to=command.by,
        at=command.at,
    )
    work.customers.keep_unmasking(unmasking)
    work.record(
        Entry(
            action="customer.unmasked",
            subject=command.customer_id,
            purpose=command.purpose,
            details={"fields": command.fields},
        )
    )
    return in_clear(customer.person, command.fields)
