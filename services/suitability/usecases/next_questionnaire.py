"""What a client is asked when they are assessed next, and whether that may be now."""

from dataclasses import dataclass
from datetime import datetime

from chassis.scope import Scope
from services.suitability.domain.assessment import Attempts, Limits, RiskProfile
from services.suitability.domain.institution import Institution
from services.suitability.domain.questionnaire import Questionnaire, audience_of
from services.suitability.usecases.decide import not_known, refuse_out_of_scope
from services.suitability.usecases.known import kind_of
from services.suitability.usecases.ports import SuitabilityWork


@dataclass(frozen=True, kw_only=True)
class NextQuestionnaire:
    customer_id: str
    scope: Scope
    at: datetime
    institution: Institution


@dataclass(frozen=True)
class Asked:
    questionnaire: Questionnaire
    attempts: Attempts
    limits: Limits


def next_questionnaire(command: NextQuestionnaire, work: SuitabilityWork) -> Asked:
    refuse_out_of_scope(command.customer_id, command.scope, work)
    customer = work.customers.find(command.customer_id)
    if customer is None:
        raise not_known("customer", "客户")
    on = command.institution.day(command.at)
    audience = audience_of(kind_of(customer))
    questionnaire = command.institution.questionnaires.for_audience(audience, on)
    profile = work.profiles.find(command.customer_id) or RiskProfile(command.customer_id)
    limits = command.institution.limits(on)
    return Asked(questionnaire, profile.attempts(on, limits), limits)
