"""Compliance sends a KYC back."""

from dataclasses import dataclass
from datetime import datetime

from services.customer.domain.grant import check_independent
from services.customer.domain.kyc import KycRecord
from services.customer.usecases.grants_on import grants_on
from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True, kw_only=True)
class RejectKyc:
    customer_id: str
    reason: str
    by: str
    roles: frozenset[str]
    at: datetime


def reject_kyc(command: RejectKyc, work: CustomerWork) -> None:
    customer = work.customers.get(command.customer_id)
    check_independent(grants_on(customer, command.by, command.at, work))
    rejected = customer.reject_kyc(
        command.reason, by=command.by, roles=command.roles, at=command.at
    )
    work.customers.save(customer)
    work.customers.keep_kyc(KycRecord(customer_id=customer.customer_id, kyc=customer.kyc))
    work.announce(rejected)
