"""How a book's customers become customers on file.

A book fills gaps. What it says about a person counts as long as nobody has submitted a KYC
for them, and its facts as long as no better source gave any; the adviser on file stays.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, datetime

from services.customer.domain.book.customers import BookCustomer
from services.customer.domain.customer import Customer, Origin, Person, State
from services.customer.domain.events import AdviserChanged, CustomerOnboarded, FactsChanged
from services.customer.domain.facts import Facts, FactsSource, LegalKind
from services.customer.domain.kyc import KycState
from services.customer.domain.staff import NOBODY, Assignment

IMPORT = "import"

Taken = CustomerOnboarded | FactsChanged | AdviserChanged


def customer_from_book(
    customer_id: str, told: BookCustomer, to: Assignment, by: str, today: date, at: datetime
) -> tuple[Customer, CustomerOnboarded]:
    customer = Customer(
        customer_id=customer_id,
        state=State.CUSTOMER,
        person=person_of(told),
        origin=Origin(IMPORT, registered_by=by),
        created_at=at,
        updated_at=at,
        numbers=numbers_of(told),
        tags=told.tags,
        assignment=to,
        facts=facts_of(told, today),
    )
    return customer, _onboarded(customer, told, at)


def take_from_book(
    customer: Customer, told: BookCustomer, to: Assignment, by: str, today: date, at: datetime
) -> Sequence[Taken] | None:
    """What changed for the rest of the institution; None when nothing changed at all."""
    before = _told_by_books(customer)
    customer.person = _person(customer, told)
    customer.tags = tuple(dict.fromkeys((*customer.tags, *told.tags)))
    customer.add_numbers(numbers_of(told))
    events: list[Taken | None] = [_facts(customer, told, by, today, at)]
    if customer.assignment == NOBODY:
        events.append(customer.assign(to, sequence=customer.assignment_sequence, at=at))
    if customer.state is State.PROSPECT:
        customer.state = State.CUSTOMER
        events = [_onboarded(customer, told, at)]
    if _told_by_books(customer) == before:
        return None
    customer.updated_at = at
    return [event for event in events if event]


def numbers_of(told: BookCustomer) -> tuple[str, ...]:
    return (told.customer_no, *told.aliases)


def person_of(told: BookCustomer) -> Person:
    return Person(
        name=told.name,
        phone=told.phone,
        identity_number=told.identity_number,
        sex=told.sex,
        born_on=told.born_on,
        wechat=told.wechat,
        address=told.address,
    )


def facts_of(told: BookCustomer, today: date) -> Facts:
    """A book's annual income is a person's: at least that much is the household's."""
    return Facts(
        born_on=told.born_on,
        kind=LegalKind.PERSON,
        household_annual_income=told.annual_income,
        as_of=today,
        source=FactsSource.IMPORT,
    )


def _person(customer: Customer, told: BookCustomer) -> Person:
    ours, theirs = customer.person, person_of(told)
    if customer.kyc.state is KycState.NONE:
        ours, theirs = theirs, ours
    gaps = [field.name for field in fields(ours) if getattr(ours, field.name) in ("", None)]
    return replace(ours, **{name: getattr(theirs, name) for name in gaps})


def _facts(
    customer: Customer, told: BookCustomer, by: str, today: date, at: datetime
) -> FactsChanged | None:
    newer = facts_of(told, today)
    if customer.facts.source not in (None, FactsSource.IMPORT):
        newer = newer.updated(customer.facts)
    return customer.update_facts(newer, by=by, at=at)


def _onboarded(customer: Customer, told: BookCustomer, at: datetime) -> CustomerOnboarded:
    return customer.onboarded(
        IMPORT, at, risk_level=told.level, assessed_on=told.assessed_on if told.level else None
    )


def _told_by_books(customer: Customer) -> tuple[object, ...]:
    return (
        customer.person,
        customer.tags,
        customer.numbers,
        customer.facts,
        customer.assignment,
        customer.state,
    )
