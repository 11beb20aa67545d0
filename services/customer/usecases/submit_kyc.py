"""An adviser hands in who a customer is."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.errors import Conflict
from services.customer.domain.customer import Customer, Submission
from services.customer.domain.facts import Facts, FactsVersion
from services.customer.domain.kyc import KycRecord, KycState
from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True, kw_only=True)
class SubmitKyc:
    customer_id: str
    submission: Submission
    facts: Facts
    by: str
    roles: frozenset[str]
    today: date
    at: datetime


def submit_kyc(command: SubmitKyc, work: CustomerWork) -> KycState:
    customer = work.customers.get(command.customer_id)
    submitted = customer.submit_kyc(
        command.submission,
        by=command.by,
        roles=command.roles,
        today=command.today,
        at=command.at,
    )
    customer.identity_contested = _is_contested(command, work)
    customer.check_birth_date(command.facts)
    changed = customer.update_facts(command.facts, by=command.by, at=command.at)
    work.customers.save(customer)
    record = KycRecord(
        customer_id=customer.customer_id, kyc=customer.kyc, answers=command.submission.answers
    )
    work.customers.keep_kyc(record)
    work.announce(submitted)
    if changed:
        work.customers.keep_facts(
            [FactsVersion(customer.customer_id, changed.facts, command.by, command.at)]
        )
        work.announce(changed)
    return customer.kyc.state


def _is_contested(command: SubmitKyc, work: CustomerWork) -> bool:
    """Whether somebody has this number of whom the submitter must not even learn.

    Nothing they are told depends on it: compliance, who sees both, is refused the approval.
    """
    holder = other_holder(command.customer_id, command.submission.identity.number, work)
    if holder and work.customers.find(holder.customer_id):
        raise Conflict(
            "identity_number_on_file",
            "another customer has this identity number; find them and use their record",
            "该证件号码已属于另一位客户，请查找并使用其档案",
            field="identity_number",
        )
    return holder is not None


def other_holder(customer_id: str, number: str, work: CustomerWork) -> Customer | None:
    holder = work.customers.by_identity([number]).get(number)
    return None if holder is None or holder.customer_id == customer_id else holder
