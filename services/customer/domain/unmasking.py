"""Personal data shown in clear: which, to whom, and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import Forbidden
from services.customer.domain.customer import Person


class Field(StrEnum):
    NAME = "name"
    IDENTITY_NUMBER = "identity_number"
    PHONE = "phone"
    WECHAT = "wechat"
    ADDRESS = "address"


class Purpose(StrEnum):
    CONTACT = "contact"
    CALLBACK = "callback"
    KYC_REVIEW = "kyc_review"
    COMPLAINT = "complaint"
    REGULATOR = "regulator"
    CORRECTION = "correction"


# Purposes that are the duty of one role; the others are open to whoever may unmask.
DUTIES = {
    Purpose.CALLBACK: "service_desk",
    Purpose.KYC_REVIEW: "compliance",
    Purpose.REGULATOR: "compliance",
}


@dataclass(frozen=True, kw_only=True)
class Unmasking:
    customer_id: str
    fields: tuple[Field, ...]
    purpose: Purpose
    note: str
    shown_to: str
    at: datetime


def check_purpose(purpose: Purpose, roles: Collection[str]) -> None:
    duty = DUTIES.get(purpose)
    if duty and duty not in roles:
        raise Forbidden(
            "purpose_not_yours",
            "this purpose belongs to the duties of another role; give your own",
            "该用途属于其他岗位的职责，请填写本人的用途",
        )


def in_clear(person: Person, fields: Collection[Field]) -> Mapping[Field, str]:
    return {field: getattr(person, field) for field in fields}
