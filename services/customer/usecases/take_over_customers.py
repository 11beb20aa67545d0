"""The people of a client book become customers on file, or bring theirs up to date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from services.customer.domain.book.book import Book
from services.customer.domain.book.customers import BookCustomer
from services.customer.domain.book.problems import (
    ADVISER_AMBIGUOUS,
    ADVISER_UNKNOWN,
    LEVEL_DIFFERS,
    TEAM_CONTRADICTS,
    Note,
    Problem,
    Severity,
)
from services.customer.domain.customer import Customer
from services.customer.domain.facts import FactsVersion
from services.customer.domain.staff import NOBODY, Assignment, Member, Unclear, adviser_named
from services.customer.domain.takeover import customer_from_book, take_from_book
from services.customer.usecases.ports import Announcement, CustomerWork

UNCLEAR = {Unclear.UNKNOWN: ADVISER_UNKNOWN, Unclear.AMBIGUOUS: ADVISER_AMBIGUOUS}


@dataclass(kw_only=True)
class TakeOver:
    """A book on its way into the files."""

    book: Book
    by: str
    new_id: Callable[[], str]
    today: date
    at: datetime
    customers: dict[str, Customer] = field(default_factory=dict)  # by every number of the book
    created: set[str] = field(default_factory=set)  # customer ids
    updated: set[str] = field(default_factory=set)  # customer ids
    events: list[Announcement] = field(default_factory=list)
    facts: list[FactsVersion] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def owner(self, customer_no: str) -> Customer:
        return self.customers[customer_no]

    def learn(self, customer: Customer) -> None:
        self.facts.append(FactsVersion(customer.customer_id, customer.facts, self.by, self.at))

    def warn(self, told: BookCustomer, problem: Problem) -> None:
        sheet = self.book.customer_sheet
        self.notes.append(Note(sheet, told.row, told.customer_no, Severity.WARNING, problem))


def take_over_customers(taken: TakeOver, work: CustomerWork) -> None:
    told = taken.book.customers
    on_file = work.customers.by_identity([customer.identity_number for customer in told])
    members = work.staff.all()
    new: list[Customer] = []
    changed: list[Customer] = []
    for each in told:
        to = _assignment(each, members, taken)
        known = on_file.get(each.identity_number)
        if known is None:
            new.append(_create(each, to, taken))
        elif _update(known, each, to, taken):
            changed.append(known)
        for number in (each.customer_no, *each.aliases):
            taken.customers[number] = known or new[-1]
    work.customers.add(*new)
    work.customers.save(*changed)
    work.customers.keep_facts(taken.facts)


def _create(told: BookCustomer, to: Assignment, taken: TakeOver) -> Customer:
    customer, onboarded = customer_from_book(
        taken.new_id(), told, to, taken.by, taken.today, taken.at
    )
    taken.created.add(customer.customer_id)
    taken.learn(customer)
    taken.events.append(onboarded)
    return customer


def _update(customer: Customer, told: BookCustomer, to: Assignment, taken: TakeOver) -> bool:
    if told.level and customer.risk.level not in ("", told.level):
        taken.warn(told, LEVEL_DIFFERS)
    known = customer.facts
    events = take_from_book(customer, told, to, taken.by, taken.today, taken.at)
    if events is None:
        return False
    if customer.facts != known:
        taken.learn(customer)
    taken.updated.add(customer.customer_id)
    taken.events += events
    return True


def _assignment(told: BookCustomer, members: Sequence[Member], taken: TakeOver) -> Assignment:
    """The adviser's own team counts, whatever the book says."""
    if not told.adviser:
        return NOBODY
    adviser = adviser_named(told.adviser, told.team, members)
    if isinstance(adviser, Unclear):
        taken.warn(told, UNCLEAR[adviser])
        return NOBODY
    if told.team and told.team != adviser.team_name:
        taken.warn(told, TEAM_CONTRADICTS)
    return adviser.assignment
