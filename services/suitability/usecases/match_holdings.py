"""Give a new opinion on what a client holds, and announce what changed."""

from collections.abc import Iterable
from datetime import date, datetime

from services.suitability.domain.calendar import months_later
from services.suitability.domain.holding import (
    Cause,
    Holding,
    HoldingsRematched,
    Opinion,
    opinion_on,
)
from services.suitability.domain.institution import Document, Institution
from services.suitability.usecases.known import customer_facts, product_facts
from services.suitability.usecases.ports import SuitabilityWork

# As if the client asked for more of it, in an office, without having been warned.
ASKED: Document = {"channel": "branch", "initiated_by": "client", "recording_consent": True}


def match_holdings(
    customer_id: str, cause: Cause, institution: Institution, at: datetime, work: SuitabilityWork
) -> None:
    """All that the client holds; the customer is claimed or found before."""
    match(customer_id, work.holdings.of_customer(customer_id), cause, institution, at, work)


def match(
    customer_id: str,
    holdings: Iterable[Holding],
    cause: Cause,
    institution: Institution,
    at: datetime,
    work: SuitabilityWork,
) -> None:
    customer = customer_facts(customer_id, work)
    if customer is None:
        return
    until = level_until(customer_id, institution, at, work)
    changed = []
    for holding in holdings:
        opinion = opinion_of(holding, customer, until, institution, at, work)
        rematched = holding.match(opinion, at)
        work.holdings.save(holding)
        if rematched:
            changed.append(rematched)
    if changed:
        work.announce(HoldingsRematched(customer_id, cause, changed, at))


def opinion_of(
    holding: Holding,
    customer: Document,
    until: date | None,
    institution: Institution,
    at: datetime,
    work: SuitabilityWork,
) -> Opinion:
    product = product_facts(holding.product_id, ASKED, work) or {}
    decision = institution.decide(at, customer, product, dict(ASKED))
    return opinion_on(decision, until, institution.day(at))


def level_until(
    customer_id: str, institution: Institution, at: datetime, work: SuitabilityWork
) -> date | None:
    """The last day of the client's assessment (ASM-03)."""
    profile = work.profiles.find(customer_id)
    if profile is None or profile.current is None:
        return None
    months = institution.limits(institution.day(at)).valid_months
    return months_later(profile.current.assessed_on, months)
