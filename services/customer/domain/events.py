"""What happens to customers, as told to the rest of the institution."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.customer.domain.book.products import BookProduct
from services.customer.domain.facts import Facts
from services.customer.domain.portfolio import Holding, Transaction
from services.customer.domain.staff import Assignment


@dataclass(frozen=True)
class ProspectRegistered:
    customer_id: str
    lead_id: str
    source: str
    campaign: str
    registered_by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CustomerOnboarded:
    customer_id: str
    customer_no: str
    kind: str
    assignment: Assignment
    born_on: date | None
    facts: Facts
    risk_level: str  # brought along by an import, else empty
    assessed_on: date | None
    source: str  # lead, import
    at: datetime


@dataclass(frozen=True)
class FactsChanged:
    customer_id: str
    facts: Facts
    changed_by: str
    at: datetime


@dataclass(frozen=True)
class KycSubmitted:
    customer_id: str
    submitted_by: str
    at: datetime


@dataclass(frozen=True)
class KycApproved:
    customer_id: str
    reviewer_id: str
    expires_on: date
    at: datetime


@dataclass(frozen=True)
class KycRejected:
    customer_id: str
    reviewer_id: str
    at: datetime


@dataclass(frozen=True)
class AdviserChanged:
    customer_id: str
    assignment: Assignment
    previous_adviser_id: str
    at: datetime


@dataclass(frozen=True)
class HoldingsChanged:
    customer_id: str
    assignment: Assignment
    holdings: Sequence[Holding]
    at: datetime


@dataclass(frozen=True)
class TransactionsRecorded:
    customer_id: str
    assignment: Assignment
    transactions: Sequence[Transaction]
    at: datetime


@dataclass(frozen=True)
class BookReceived:
    import_id: str
    received_by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class BookApplied:
    import_id: str
    customers_created: int
    customers_updated: int
    customers_unchanged: int
    duplicate_rows: int
    rejected_rows: int
    aum: Decimal
    at: datetime


@dataclass(frozen=True)
class BookRefused:
    import_id: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class CatalogueImported:
    import_id: str
    products: Sequence[BookProduct]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AccessGranted:
    grant_id: str
    staff_id: str  # who may see
    customer_id: str  # either this client
    adviser_id: str  # or all clients of this adviser
    purpose: str
    valid_from: datetime
    valid_until: datetime
    granted_by: str
    at: datetime


@dataclass(frozen=True)
class AccessEnded:
    grant_id: str
    staff_id: str
    ended_by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HandoverStarted:
    handover_id: str
    from_adviser_id: str
    to_adviser_id: str
    reason: str
    customers: int
    started_by: str
    at: datetime


@dataclass(frozen=True)
class HandoverAdvanced:
    handover_id: str
    moved: int
    skipped: int
    at: datetime


@dataclass(frozen=True)
class HandoverFinished:
    handover_id: str
    moved: int
    skipped: int
    at: datetime
