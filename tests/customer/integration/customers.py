"""A customer with everything filled in, for every work to keep."""

from datetime import date
from decimal import Decimal

from services.customer.domain.customer import Customer, Origin, Person, RiskLevel, State
from services.customer.domain.facts import Capacity, Facts, FactsSource, LegalKind
from services.customer.domain.identity_number import Sex
from services.customer.domain.kyc import Kyc, KycState
from services.customer.domain.staff import Assignment
from tests.customer.integration.stores import Begin
from tests.customer.unit.books import identity
from tests.customer.unit.people import NOON, TODAY

FACTS = Facts(
    born_on=date(1961, 7, 30),
    kind=LegalKind.PERSON,
    financial_assets=Decimal("5000000.00"),
    investing_years=8,
    capacity=Capacity.FULL,
    guardian_consent=False,
    as_of=TODAY,
    source=FactsSource.KYC,
)


def customer(customer_id: str = "c-1", serial: int = 1, numbers: tuple[str, ...] = ()) -> Customer:
    return Customer(
        customer_id=customer_id,
        state=State.CUSTOMER,
        person=Person(
            name="林安达",
            phone="13800138000",
            identity_number=identity(serial),
            sex=Sex.MALE,
            born_on=date(1961, 7, 30),
            wechat="linanda",
            address="浙江省杭州市文三路1号",
        ),
        origin=Origin("campaign", "autumn", "l-1", "s-leader"),
        created_at=NOON,
        updated_at=NOON,
        numbers=numbers,
        tags=("企业主", "转介绍"),
        assignment=Assignment("s-wang", "t-hangzhou", "b-hangzhou"),
        assignment_sequence=7,
        kyc=Kyc(
            kyc_id="kyc-1",
            state=KycState.APPROVED,
            submitted_by="s-wang",
            submitted_at=NOON,
            reviewed_by="s-review",
            reviewed_at=NOON,
            expires_on=date(2027, 11, 23),
        ),
        facts=FACTS,
        risk=RiskLevel("C3", date(2027, 1, 1), 9),
    )


def add(work: Begin, *customers: Customer) -> None:
    with work() as adding:
        adding.customers.add(*customers)
        adding.commit()
