"""What happens to sales."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.workflow.domain.decision import SaleTerms


@dataclass(frozen=True)
class SaleDrafted:
    terms: SaleTerms
    at: datetime


@dataclass(frozen=True)
class SaleMoved:
    """The state changed without an event of its own that says so."""

    terms: SaleTerms
    state: str
    at: datetime


@dataclass(frozen=True)
class SaleRefused:
    terms: SaleTerms
    decision_id: str
    rule_ids: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class SaleSigned:
    terms: SaleTerms
    decision_id: str
    recording_id: str
    at: datetime


@dataclass(frozen=True)
class SalePaid:
    terms: SaleTerms
    at: datetime


@dataclass(frozen=True)
class CoolingOffEnded:
    terms: SaleTerms
    at: datetime


@dataclass(frozen=True)
class CallbackSucceeded:
    terms: SaleTerms
    called_by: str
    at: datetime


@dataclass(frozen=True)
class CallbackFailed:
    terms: SaleTerms
    called_by: str
    at: datetime


@dataclass(frozen=True)
class SaleConfirmed:
    terms: SaleTerms
    units: Decimal
    nav: Decimal
    confirmed_on: date
    at: datetime


@dataclass(frozen=True)
class SaleRescinded:
    terms: SaleTerms
    refund_amount: Decimal  # CNY
    from_state: str
    at: datetime


SaleEvent = (
    SaleDrafted
    | SaleMoved
    | SaleRefused
    | SaleSigned
    | SalePaid
    | CoolingOffEnded
    | CallbackSucceeded
    | CallbackFailed
    | SaleConfirmed
    | SaleRescinded
)
