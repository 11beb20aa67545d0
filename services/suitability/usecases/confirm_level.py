"""The client confirms a changed level a second time, and may use it from then on."""

from dataclasses import dataclass
from datetime import datetime

from chassis.scope import Scope
from services.suitability.domain.assessment import RiskProfile
from services.suitability.domain.institution import Institution
from services.suitability.domain.match import PROFILE
from services.suitability.usecases.decide import refuse_out_of_scope
from services.suitability.usecases.ports import SuitabilityWork
from services.suitability.usecases.review import review
from services.suitability.usecases.submit_assessment import refuse_staff


@dataclass(frozen=True, kw_only=True)
class ConfirmLevel:
    customer_id: str
    level: str
    by: str
    roles: frozenset[str]
    scope: Scope
    at: datetime
    institution: Institution


def confirm_level(command: ConfirmLevel, work: SuitabilityWork) -> None:
    refuse_staff(command.roles)
    refuse_out_of_scope(command.customer_id, command.scope, work)
    work.customers.claim(command.customer_id)
    profile = work.profiles.find(command.customer_id) or RiskProfile(command.customer_id)
    event = profile.confirm(command.level, by=command.by, at=command.at)
    work.profiles.save(profile, confirmed=event)
    work.announce(event)
    matches = work.matches.open_of_customer(command.customer_id, command.at)
    review(matches, PROFILE, command.institution, command.at, work)
