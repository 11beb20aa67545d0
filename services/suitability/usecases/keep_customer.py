"""Keep what is announced of a customer, and the level an import brought along."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chassis.scope import Custody
from services.suitability.domain.assessment import Assessment, RiskProfile, Source
from services.suitability.domain.expiry import Expiry
from services.suitability.domain.holding import Cause
from services.suitability.domain.institution import Institution
from services.suitability.domain.match import FACTS
from services.suitability.usecases.match_holdings import match_holdings
from services.suitability.usecases.ports import Kept, SuitabilityWork
from services.suitability.usecases.review import review


@dataclass(frozen=True)
class BroughtLevel:
    assessment_id: str
    level: str
    assessed_on: date


@dataclass(frozen=True, kw_only=True)
class KeepCustomer:
    customer_id: str
    facts: Mapping[str, object]
    sequence: int
    at: datetime
    institution: Institution
    brought: BroughtLevel | None = None
    custody: Custody | None = None  # when the announcement speaks of it


def keep_customer(command: KeepCustomer, work: SuitabilityWork) -> None:
    """An announcement older than what is known is passed over."""
    known = work.customers.claim(command.customer_id)
    if command.custody is not None:
        work.custody.put(command.customer_id, command.custody, command.sequence)
    if command.brought is not None:
        bring_level(command, command.brought, work)
    if known is not None and known.sequence >= command.sequence:
        return
    facts = still_of_its_kind(command.facts, known)
    work.customers.keep(Kept(command.customer_id, facts, command.sequence, command.at))
    matches = work.matches.open_of_customer(command.customer_id, command.at)
    review(matches, FACTS, command.institution, command.at, work)
    match_holdings(command.customer_id, Cause.FACTS, command.institution, command.at, work)


def still_of_its_kind(facts: Mapping[str, object], known: Kept | None) -> Mapping[str, object]:
    """A person stays a person when changed facts do not say it again."""
    kind = known.facts.get("kind") if known else None
    return facts if kind is None else {"kind": kind, **facts}


def bring_level(command: KeepCustomer, brought: BroughtLevel, work: SuitabilityWork) -> None:
    profile = work.profiles.find(command.customer_id) or RiskProfile(command.customer_id)
    assessment = Assessment(
        assessment_id=brought.assessment_id,
        level=brought.level,
        source=Source.IMPORT,
        assessed_on=brought.assessed_on,
        at=command.at,
    )
    today = command.institution.day(command.at)
    event = profile.bring(assessment, command.institution.limits(today))
    if event is not None:
        work.profiles.save(profile, event)
        work.expiries.put(Expiry.of(event, today))
        work.announce(event)
