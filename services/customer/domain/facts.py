"""Financial facts of a customer, each version with its day and its source."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class LegalKind(StrEnum):
    PERSON = "person"
    COMPANY = "company"
    FINANCIAL_INSTITUTION = "financial_institution"
    FINANCIAL_PRODUCT = "financial_product"
    PENSION_OR_CHARITY = "pension_or_charity"
    QFII = "qfii"


class Capacity(StrEnum):
    FULL = "full"
    LIMITED = "limited"
    NONE = "none"


class FactsSource(StrEnum):
    KYC = "kyc"
    IMPORT = "import"
    CLIENT = "client"
    ADVISER = "adviser"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """None means unknown. Amounts are CNY."""

    born_on: date | None = None
    kind: LegalKind | None = None
    financial_assets: Decimal | None = None
    household_financial_assets: Decimal | None = None
    household_net_financial_assets: Decimal | None = None
    average_income_3y: Decimal | None = None
    household_annual_income: Decimal | None = None
    net_assets: Decimal | None = None
    investing_years: int | None = None
    relevant_work_years: int | None = None
    capacity: Capacity | None = None
    guardian_consent: bool | None = None
    information_refused: bool | None = None
    as_of: date | None = None
    source: FactsSource | None = None

    def updated(self, newer: "Facts") -> "Facts":
        """What *newer* knows, and the rest as it was."""
        known = {
            field.name: getattr(newer, field.name)
            for field in fields(newer)
            if getattr(newer, field.name) is not None
        }
        return replace(self, **known)

    def says_the_same_as(self, other: "Facts") -> bool:
        """Equal but for the day and the source."""
        return replace(self, as_of=None, source=None) == replace(other, as_of=None, source=None)


@dataclass(frozen=True)
class FactsVersion:
    """Facts as they were known from a moment on; never overwritten."""

    customer_id: str
    facts: Facts
    changed_by: str
    at: datetime
