"""Keep what a client holds, as the customer service announced it, with an opinion on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from services.suitability.domain.holding import Cause, Holding
from services.suitability.domain.institution import Institution
from services.suitability.usecases.match_holdings import match
from services.suitability.usecases.ports import SuitabilityWork


@dataclass(frozen=True, kw_only=True)
class KeepHoldings:
    """*units* by product_id, of holdings that changed; none left is zero."""

    customer_id: str
    units: Mapping[str, Decimal]
    sequence: int
    at: datetime
    institution: Institution


def keep_holdings(command: KeepHoldings, work: SuitabilityWork) -> None:
    """An announcement older than what is known of a holding is passed over."""
    customer = work.customers.find(command.customer_id)
    known = work.holdings.claim(command.customer_id, sorted(command.units))
    changed = [
        changed_holding(command, product_id, units, known.get(product_id))
        for product_id, units in sorted(command.units.items())
        if product_id not in known or known[product_id].sequence < command.sequence
    ]
    match(customer, changed, Cause.FACTS, command.institution, command.at, work)


def changed_holding(
    command: KeepHoldings, product_id: str, units: Decimal, known: Holding | None
) -> Holding:
    return Holding(
        customer_id=command.customer_id,
        product_id=product_id,
        units=units,
        sequence=command.sequence,
        opinion=known.opinion if known and units else None,
        matched_at=known.matched_at if known and units else None,
    )
