"""Give a new opinion on what a client holds, and announce what changed."""

from collections.abc import Sequence
from datetime import date, datetime

from services.suitability.domain.assessment import RiskProfile
from services.suitability.domain.calendar import months_later
from services.suitability.domain.holding import (
    Cause,
    Holding,
    HoldingsRematched,
    Rematched,
    opinion_on,
)
from services.suitability.domain.institution import Document, Institution
from services.suitability.usecases.known import terms
from services.suitability.usecases.ports import Kept, SuitabilityWork

# As if the client asked for more of it, in an office, without having been warned.
ASKED: Document = {"channel": "branch", "initiated_by": "client", "recording_consent": True}


def match_holdings(
    customer_id: str, cause: Cause, institution: Institution, at: datetime, work: SuitabilityWork
) -> None:
    """All that the client holds; the customer is claimed or found before."""
    customer = work.customers.find(customer_id)
    match(customer, work.holdings.of_customer(customer_id), cause, institution, at, work)


def match(
    customer: Kept | None,
    holdings: Sequence[Holding],
    cause: Cause,
    institution: Institution,
    at: datetime,
    work: SuitabilityWork,
) -> None:
    """Of one client, who may not be known yet; *holdings* are kept as they are then."""
    held = [holding for holding in holdings if holding.units]
    changed = rematched(customer, held, institution, at, work) if customer and held else []
    work.holdings.save(holdings)
    if customer and changed:
        work.announce(HoldingsRematched(customer.subject, cause, changed, at))


def rematched(
    customer: Kept,
    held: Sequence[Holding],
    institution: Institution,
    at: datetime,
    work: SuitabilityWork,
) -> Sequence[Rematched]:
    """The opinions that changed."""
    profile = work.profiles.find(customer.subject) or RiskProfile(customer.subject)
    facts = {**customer.facts, **profile.facts()}
    today = institution.day(at)
    until = level_until(profile, institution, today)
    products = work.products.find_each([holding.product_id for holding in held])
    changed = []
    for holding in held:
        product = products.get(holding.product_id)
        asked = terms(product, ASKED) if product else {}
        decision = institution.decide(at, facts, asked, dict(ASKED))
        changed.append(holding.match(opinion_on(decision, until, today), at))
    return [one for one in changed if one]


def level_until(profile: RiskProfile, institution: Institution, today: date) -> date | None:
    """The last day of the client's assessment (ASM-03)."""
    if profile.current is None:
        return None
    return months_later(profile.current.assessed_on, institution.limits(today).valid_months)
