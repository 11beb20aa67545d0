"""The institution that records."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.recording.domain.known import Product
from services.recording.domain.regime import Licence, regime_of
from services.recording.domain.retention import Facts, Retention, retention


@dataclass(frozen=True)
class Institution:
    licence: Licence
    zone: ZoneInfo

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def least_retention(self, product: Product, at: datetime) -> Retention:
        """As if contract and relationship ended today: no rule can let go of it earlier.

        The lock may be lengthened once they do end, never shortened.
        """
        today = self.day(at)
        return retention(
            Facts(
                regime=regime_of(self.licence, product.kind),
                product_kind=product.kind,
                sold_by=self.licence,
                contract_ended_on=today,
                relationship_ended_on=today,
                insurance_term_years=product.insurance.term if product.insurance else None,
            )
        )
