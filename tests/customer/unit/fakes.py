"""A customer service's work in memory that behaves as the one in PostgreSQL."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import datetime

from chassis.scope import EVERYTHING, Scope
from chassis.versions import changed_meanwhile
from services.customer.adapters.customers import no_such_customer
from services.customer.adapters.grants import no_such_grant
from services.customer.adapters.handovers import no_such_handover
from services.customer.adapters.registers import no_such_import
from services.customer.domain.book.cells import Workbook
from services.customer.domain.book.problems import Note
from services.customer.domain.customer import Customer
from services.customer.domain.facts import FactsVersion
from services.customer.domain.grant import Grant, Opened
from services.customer.domain.handover import Batch, Handover
from services.customer.domain.household import FamilyLink
from services.customer.domain.importing import Import
from services.customer.domain.kyc import KycRecord
from services.customer.domain.portfolio import Portfolio, Transaction
from services.customer.domain.staff import Member, no_such_member
from services.customer.domain.unmasking import Unmasking
from services.customer.usecases.ports import Announcement
from tests.memory import WorkInMemory, beginning


class FakeCustomers:
    def __init__(self, scope: Scope = EVERYTHING) -> None:
        self.scope = scope
        self.rows: dict[str, Customer] = {}
        self.kyc_records: list[KycRecord] = []
        self.facts: list[FactsVersion] = []
        self.unmaskings: list[Unmasking] = []

    def get(self, customer_id: str) -> Customer:
        customer = self.find(customer_id)
        if customer is None:
            raise no_such_customer()
        return customer

    def find(self, customer_id: str) -> Customer | None:
        row = self.rows.get(customer_id)
        return deepcopy(row) if row and row.seen_by(self.scope) else None

    def by_identity(self, numbers: Collection[str]) -> Mapping[str, Customer]:
        return {
            row.person.identity_number: deepcopy(row)
            for row in self.rows.values()
            if row.person.identity_number in set(numbers) and not row.identity_contested
        }

    def holders(self, customer_nos: Collection[str]) -> Mapping[str, str]:
        return {
            number: row.person.identity_number
            for row in self.rows.values()
            for number in row.numbers
            if number in customer_nos
        }

    def add(self, *customers: Customer) -> None:
        for customer in customers:
            self._put(customer)

    def save(self, *customers: Customer) -> None:
        for customer in customers:
            if self.rows[customer.customer_id].version != customer.version:
                raise changed_meanwhile()
            self._put(customer)

    def count_of(self, adviser_id: str) -> int:
        theirs = [row for row in self.rows.values() if row.assignment.adviser_id == adviser_id]
        return sum(row.seen_by(self.scope) for row in theirs)

    def keep_unmasking(self, unmasking: Unmasking) -> None:
        self.unmaskings.append(unmasking)

    def keep_kyc(self, record: KycRecord) -> None:
        self.kyc_records.append(record)

    def keep_facts(self, versions: Iterable[FactsVersion]) -> None:
        self.facts += versions

    def _put(self, customer: Customer) -> None:
        customer.version += 1
        self.rows[customer.customer_id] = deepcopy(customer)


class FakePortfolios:
    def __init__(self) -> None:
        self.rows: dict[str, Portfolio] = {}

    def of(self, customer_ids: Collection[str]) -> Mapping[str, Portfolio]:
        return {each: deepcopy(self.rows.get(each)) or Portfolio(each) for each in customer_ids}

    def save(self, portfolios: Iterable[Portfolio]) -> None:
        for portfolio in portfolios:
            self.rows[portfolio.customer_id] = Portfolio(portfolio.customer_id, {**portfolio.lots})


class FakeTransactions:
    def __init__(self) -> None:
        self.rows: dict[str, Transaction] = {}

    def record(self, transactions: Sequence[Transaction]) -> Sequence[Transaction]:
        new = [each for each in transactions if each.transaction_id not in self.rows]
        self.rows |= {each.transaction_id: each for each in new}
        return new


class FakeHouseholds:
    def __init__(self) -> None:
        self.rows: dict[frozenset[str], FamilyLink] = {}

    def link(self, links: Iterable[FamilyLink]) -> None:
        for link in links:
            self.rows.setdefault(frozenset((link.customer_id, link.member_id)), link)


class FakeStaff:
    def __init__(self, *members: Member) -> None:
        self.rows = {member.staff_id: member for member in members}

    def find(self, staff_id: str) -> Member | None:
        return self.rows.get(staff_id)

    def get(self, staff_id: str, field: str) -> Member:
        if staff_id not in self.rows:
            raise no_such_member(field)
        return self.rows[staff_id]

    def all(self) -> Sequence[Member]:
        return sorted(self.rows.values(), key=lambda member: member.staff_id)

    def put(self, member: Member) -> None:
        self.rows[member.staff_id] = member


class FakeGrants:
    """Whoever asks sees all of them."""

    def __init__(self) -> None:
        self.rows: dict[str, Grant] = {}

    def get(self, grant_id: str) -> Grant:
        if grant_id not in self.rows:
            raise no_such_grant()
        return deepcopy(self.rows[grant_id])

    def add(self, grant: Grant) -> None:
        self.rows[grant.grant_id] = deepcopy(grant)

    def save(self, grant: Grant) -> None:
        self.add(grant)

    def active(self, staff_id: str, opened: Collection[Opened], at: datetime) -> Sequence[Grant]:
        theirs = [row for row in self.rows.values() if row.staff_id == staff_id]
        return [row for row in theirs if row.opened in opened and row.active_at(at)]


class FakeHandovers:
    def __init__(self, customers: FakeCustomers) -> None:
        self._customers = customers
        self.rows: dict[str, Handover] = {}
        self.waiting: dict[str, list[str]] = {}

    def get(self, handover_id: str) -> Handover:
        if handover_id not in self.rows:
            raise no_such_handover()
        return deepcopy(self.rows[handover_id])

    def add(self, handover: Handover, wanted: Collection[str]) -> None:
        book = [
            row.customer_id
            for row in self._customers.rows.values()
            if row.seen_by(self._customers.scope) and _still_to_move(row, handover)
        ]
        settled = sorted(each for each in book if not wanted or each in wanted)
        handover.customers = len(settled)
        self.waiting[handover.handover_id] = settled
        self.save(handover)

    def move(self, handover: Handover, limit: int, at: datetime) -> Batch:
        waiting = self.waiting[handover.handover_id]
        asked, self.waiting[handover.handover_id] = waiting[:limit], waiting[limit:]
        rows = [self._customers.rows[each] for each in asked]
        moved = [row for row in rows if _still_to_move(row, handover)]
        for row in moved:
            row.assignment, row.updated_at, row.version = handover.to, at, row.version + 1
        ids = [row.customer_id for row in moved]
        return Batch(ids, [each for each in asked if each not in ids])

    def save(self, handover: Handover) -> None:
        self.rows[handover.handover_id] = deepcopy(handover)


def _still_to_move(customer: Customer, handover: Handover) -> bool:
    to = customer.assignment
    return to.adviser_id == handover.from_adviser_id and to != handover.to


class FakeProducts:
    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, int]] = {}

    def known(self) -> frozenset[str]:
        return frozenset(self.rows)

    def put(self, names: Mapping[str, str], *, sequence: int) -> None:
        for product_id, name in names.items():
            if self.rows.get(product_id, ("", -1))[1] < sequence:
                self.rows[product_id] = (name, sequence)


class FakeImports:
    def __init__(self) -> None:
        self.rows: dict[str, Import] = {}
        self.files: dict[str, bytes] = {}
        self.notes: dict[str, list[Note]] = {}

    def get(self, import_id: str) -> Import:
        if import_id not in self.rows:
            raise no_such_import()
        return deepcopy(self.rows[import_id])

    def add(self, received: Import, content: bytes) -> None:
        self.rows[received.import_id] = deepcopy(received)
        self.files[received.import_id] = content

    def content(self, import_id: str) -> bytes:
        return self.files[import_id]

    def finish(self, ended: Import, notes: Iterable[Note]) -> None:
        self.rows[ended.import_id] = deepcopy(ended)
        self.notes[ended.import_id] = list(notes)
        del self.files[ended.import_id]


class FakeWorkbooks:
    """Answers whatever workbook it was given."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook

    def read(self, content: bytes) -> Workbook:
        return self.workbook


class FakeWork(WorkInMemory[Announcement]):
    def __init__(self, scope: Scope = EVERYTHING) -> None:
        self.customers = FakeCustomers(scope)
        self.portfolios = FakePortfolios()
        self.transactions = FakeTransactions()
        self.households = FakeHouseholds()
        self.staff = FakeStaff()
        self.grants = FakeGrants()
        self.handovers = FakeHandovers(self.customers)
        self.products = FakeProducts()
        self.imports = FakeImports()
        self.workbooks = FakeWorkbooks({})
        super().__init__()


def fake_begin(scope: Scope = EVERYTHING) -> Callable[[], AbstractContextManager[FakeWork]]:
    return beginning(FakeWork(scope))
