"""Compliance confirms who a customer is, or sends the KYC back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.customer.domain.customer import Customer
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


@dataclass(frozen=True, kw_only=True)
class RejectKyc:
    customer_id: str
    reason: str
    by: str
    roles: frozenset[str]
    at: datetime


def approve_kyc(command: ApproveKyc, work: CustomerWork) -> KycApproved:
    customer = work.customers.get(command.customer_id)
    approved = customer.approve_kyc(
        by=command.by,
        roles=command.roles,
        today=command.today,
        at=command.at,
        valid_for=command.valid_for,
    )
    _keep(customer, work)
    work.announce(approved)
    return approved


def reject_kyc(command: RejectKyc, work: CustomerWork) -> None:
    customer = work.customers.get(command.customer_id)
    rejected = customer.reject_kyc(
        command.reason, by=command.by, roles=command.roles, at=command.at
    )
    _keep(customer, work)
    work.announce(rejected)


def _keep(customer: Customer, work: CustomerWork) -> None:
    work.customers.save(customer)
    work.customers.keep_kyc(
        KycRecord(customer_id=customer.customer_id, kyc=customer.kyc, answers=None)
    )
