"""Customers, staff and KYC submissions for tests."""

from datetime import UTC, date, datetime

from services.customer.domain.customer import Customer, Origin, Person, State, Submission
from services.customer.domain.facts import Facts
from services.customer.domain.identity_number import read_identity_number
from services.customer.domain.kyc import Consent, KycAnswers
from services.customer.domain.staff import Assignment, Member
from services.customer.usecases.submit_kyc import SubmitKyc
from tests.customer.unit.books import identity

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
TODAY = date(2026, 11, 23)

WANG = Member(
    staff_id="s-wang",
    name="王俊",
    roles=("adviser",),
    team_id="t-hangzhou",
    team_name="杭州部",
    branch_id="b-hangzhou",
    branch_name="杭州分公司",
)
WITH_WANG = Assignment("s-wang", "t-hangzhou", "b-hangzhou")
ANSWERS = KycAnswers(
    occupation="engineer",
    purpose="long-term investment",
    tax_residences=("CN",),
    beneficial_owner="self",
    consents=(Consent.PERSONAL_DATA, Consent.RECORDING),
)


def somebody(
    customer_id: str = "c-1", state: State = State.CUSTOMER, to: Assignment = WITH_WANG
) -> Customer:
    return Customer(
        customer_id=customer_id,
        state=state,
        person=Person(name="林安达", phone="13800138000"),
        origin=Origin("campaign", "autumn", "l-1", "s-leader"),
        created_at=NOON,
        updated_at=NOON,
        assignment=to,
    )


def submission(kyc_id: str = "kyc-1", serial: int = 1, answers: KycAnswers = ANSWERS) -> Submission:
    return Submission(
        kyc_id=kyc_id,
        person=Person(name="林安达", phone="13900139000", address="浙江省杭州市文三路1号"),
        identity=read_identity_number(identity(serial)),
        answers=answers,
    )


def submit(
    customer_id: str = "c-1",
    *,
    by: str = "s-wang",
    roles: frozenset[str] = frozenset({"adviser"}),
    handed_in: Submission | None = None,
    facts: Facts | None = None,
    at: datetime = NOON,
) -> SubmitKyc:
    return SubmitKyc(
        customer_id=customer_id,
        submission=handed_in or submission(),
        facts=facts or Facts(),
        by=by,
        roles=roles,
        today=at.date(),
        at=at,
    )
