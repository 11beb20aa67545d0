"""Compliance confirms who a customer is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chassis.errors import Conflict
from services.customer.domain.customer import Customer
from services.customer.domain.events import KycApproved
from services.customer.domain.grant import check_independent
from services.customer.domain.kyc import VALID_FOR, KycRecord
from services.customer.usecases.grants_on import grants_on
from services.customer.usecases.ports import CustomerWork
from services.customer.usecases.submit_kyc import other_holder


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
    check_independent(grants_on(customer, command.by, command.at, work))
    approved = customer.approve_kyc(
        by=command.by,
        roles=command.roles,
        today=command.today,
        at=command.at,
        valid_for=command.valid_for,
    )
    if customer.identity_contested:
        _settle_identity(customer, work)
    work.customers.save(customer)
    work.customers.keep_kyc(KycRecord(customer_id=customer.customer_id, kyc=customer.kyc))
    work.announce(approved)
    return approved


def _settle_identity(customer: Customer, work: CustomerWork) -> None:
    if other_holder(customer.customer_id, customer.person.identity_number, work):
        raise Conflict(
            "identity_number_on_file",
            "another customer has this identity number; reject this KYC and have theirs used",
            "该证件号码已属于另一位客户，请退回本次 KYC 并使用其档案",
        )
    customer.identity_contested = False
