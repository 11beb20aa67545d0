"""What the use cases of customers need from the outside world."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from chassis.work import Work
from services.customer.domain.book.cells import Workbook
from services.customer.domain.book.problems import Note
from services.customer.domain.customer import Customer
from services.customer.domain.events import (
    AdviserChanged,
    BookApplied,
    BookReceived,
    BookRefused,
    CatalogueImported,
    CustomerOnboarded,
    FactsChanged,
    HoldingsChanged,
    KycApproved,
    KycRejected,
    KycSubmitted,
    ProspectRegistered,
    TransactionsRecorded,
)
from services.customer.domain.facts import FactsVersion
from services.customer.domain.household import FamilyLink
from services.customer.domain.importing import Import
from services.customer.domain.kyc import KycRecord
from services.customer.domain.portfolio import Portfolio, Transaction
from services.customer.domain.staff import Member, StaffChanged

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

    def keep_kyc(self, record: KycRecord) -> None: ...

    def keep_facts(self, versions: Iterable[FactsVersion]) -> None: ...


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

    def all(self) -> Sequence[Member]: ...

    def put(self, member: Member) -> None: ...


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
    def products(self) -> ProductNames: ...

    @property
    def imports(self) -> Imports: ...

    @property
    def workbooks(self) -> Workbooks: ...

    def announce(self, event: Announcement) -> None: ...
