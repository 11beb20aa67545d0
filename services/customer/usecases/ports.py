"""What the use cases of customers need from the outside world."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chassis.work import Work
from services.customer.domain.book.cells import Workbook
from services.customer.domain.book.problems import Note
from services.customer.domain.customer import Customer
from services.customer.domain.events import (
    AccessEnded,
    AccessGranted,
    AdviserChanged,
    BookApplied,
    BookReceived,
    BookRefused,
    CatalogueImported,
    CustomerOnboarded,
    FactsChanged,
    HandoverAdvanced,
    HandoverFinished,
    HandoverStarted,
    HoldingsChanged,
    KycApproved,
    KycRejected,
    KycSubmitted,
    ProspectRegistered,
    TransactionsRecorded,
)
from services.customer.domain.facts import FactsVersion
from services.customer.domain.grant import Grant, Opened
from services.customer.domain.handover import Batch, Handover
from services.customer.domain.household import FamilyLink
from services.customer.domain.importing import Import
from services.customer.domain.kyc import KycRecord
from services.customer.domain.portfolio import Portfolio, Transaction
from services.customer.domain.staff import Member, StaffChanged
from services.customer.domain.unmasking import Unmasking

Announcement = (
    ProspectRegistered
    | CustomerOnboarded
    | FactsChanged
    | KycSubmitted
    | KycApproved
    | KycRejected
    | AdviserChanged
    | HoldingsChanged
    | TransactionsRecorded
    | StaffChanged
    | BookReceived
    | BookApplied
    | BookRefused
    | CatalogueImported
    | AccessGranted
    | AccessEnded
    | HandoverStarted
    | HandoverAdvanced
    | HandoverFinished
)


class Customers(Protocol):
    def get(self, customer_id: str) -> Customer:
        """Raise NotFound when there is none in the scope of the work."""
        ...

    def find(self, customer_id: str) -> Customer | None:
        """None when there is none in the scope of the work."""
        ...

    def by_identity(self, numbers: Collection[str]) -> Mapping[str, Customer]:
        """Whoever has one of these identity numbers uncontested, by that number: in any scope."""
        ...

    def holders(self, customer_nos: Collection[str]) -> Mapping[str, str]:
        """The identity numbers of whoever has these customer numbers."""
        ...

    def add(self, *customers: Customer) -> None: ...

    def save(self, *customers: Customer) -> None:
        """Raise Conflict when somebody else saved one of them since it was read."""
        ...

    def count_of(self, adviser_id: str) -> int:
        """How many this adviser looks after, in the scope of the work."""
        ...

    def keep_kyc(self, record: KycRecord) -> None: ...

    def keep_facts(self, versions: Iterable[FactsVersion]) -> None: ...

    def keep_unmasking(self, unmasking: Unmasking) -> None: ...


class Portfolios(Protocol):
    def of(self, customer_ids: Collection[str]) -> Mapping[str, Portfolio]:
        """One for each id, empty when nothing is held; locked until the work ends."""
        ...

    def save(self, portfolios: Iterable[Portfolio]) -> None: ...


class Transactions(Protocol):
    def record(self, transactions: Sequence[Transaction]) -> Sequence[Transaction]:
        """Keep those not recorded before, and answer them."""
        ...


class Households(Protocol):
    def link(self, links: Iterable[FamilyLink]) -> None:
        """Keep each pair once; one that is linked already stays as it is."""
        ...


class StaffRegister(Protocol):
    def find(self, staff_id: str) -> Member | None: ...

    def get(self, staff_id: str, field: str) -> Member:
        """Raise NotFound, naming the *field* that asked for them."""
        ...

    def all(self) -> Sequence[Member]: ...

    def put(self, member: Member) -> None: ...


class Grants(Protocol):
    def get(self, grant_id: str) -> Grant:
        """Raise NotFound when there is none in the scope of the work; locked until it ends."""
        ...

    def add(self, grant: Grant) -> None: ...

    def save(self, grant: Grant) -> None: ...

    def active(self, staff_id: str, opened: Collection[Opened], at: datetime) -> Sequence[Grant]:
        """What counts at that moment, of any of these."""
        ...


class Handovers(Protocol):
    def get(self, handover_id: str) -> Handover:
        """Locked until the work ends."""
        ...

    def add(self, handover: Handover, wanted: Collection[str]) -> None:
        """Settle and count who is to move: in the scope of the work, with the former adviser
        and not as the new assignment says; of *wanted* when that names anybody."""
        ...

    def move(self, handover: Handover, limit: int, at: datetime) -> Batch:
        """The next customers who wait, in the order of their ids."""
        ...

    def save(self, handover: Handover) -> None: ...


class ProductNames(Protocol):
    def known(self) -> frozenset[str]:
        """Product codes."""
        ...

    def put(self, names: Mapping[str, str], *, sequence: int) -> None:
        """Names by product code; one told later, by a larger sequence, stays."""
        ...


class Imports(Protocol):
    def get(self, import_id: str) -> Import:
        """Raise NotFound when there is none."""
        ...

    def add(self, received: Import, content: bytes) -> None: ...

    def content(self, import_id: str) -> bytes: ...

    def finish(self, ended: Import, notes: Iterable[Note]) -> None:
        """Keep how it ended and let go of the file."""
        ...


class Workbooks(Protocol):
    def read(self, content: bytes) -> Workbook:
        """Raise Invalid when it is no workbook."""
        ...


class CustomerWork(Work, Protocol):
    @property
    def customers(self) -> Customers: ...

    @property
    def portfolios(self) -> Portfolios: ...

    @property
    def transactions(self) -> Transactions: ...

    @property
    def households(self) -> Households: ...

    @property
    def staff(self) -> StaffRegister: ...

    @property
    def grants(self) -> Grants: ...

    @property
    def handovers(self) -> Handovers: ...

    @property
    def products(self) -> ProductNames: ...

    @property
    def imports(self) -> Imports: ...

    @property
    def workbooks(self) -> Workbooks: ...

    def announce(self, event: Announcement) -> None: ...
