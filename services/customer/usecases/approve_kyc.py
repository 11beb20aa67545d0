"""Compliance confirms who a customer is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.customer.domain.events import KycApproved
from services.customer.domain.kyc import VALID_FOR, KycRecord
from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True, kw_only=True)
class ApproveKyc:
    customer_id: str
    by: str
    roles: frozenset[str]
    today: date
    at: datetime
    valid_for: timedelta = VALID_FOR


def approve_kyc(command: ApproveKyc, work: CustomerWork) -> KycApproved:
    customer = work.customers.get(command.customer_id)
    approved = customer.approve_kyc(
        by=command.by,
        roles=command.roles,
        today=command.today,
        at=command.at,
        valid_for=command.valid_for,
    )
    work.customers.save(customer)
    work.customers.keep_kyc(KycRecord(customer_id=customer.customer_id, kyc=customer.kyc))
    work.announce(approved)
    return approved
