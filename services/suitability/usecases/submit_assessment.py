"""The client, and nobody else, answers the risk questionnaire."""

from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Forbidden
from chassis.scope import Scope
from services.suitability.domain.assessment import Assessment, RiskProfile, Sitting, Source
from services.suitability.domain.expiry import Expiry
from services.suitability.domain.holding import Cause
from services.suitability.domain.institution import Institution
from services.suitability.domain.match import PROFILE
from services.suitability.usecases.decide import not_known, refuse_out_of_scope
from services.suitability.usecases.known import kind_of
from services.suitability.usecases.match_holdings import match_holdings
from services.suitability.usecases.ports import SuitabilityWork
from services.suitability.usecases.review import review

CLIENT_CHANNEL = "client_channel"
OF_SYSTEMS = {CLIENT_CHANNEL, "system"}


@dataclass(frozen=True, kw_only=True)
class SubmitAssessment:
    assessment_id: str
    customer_id: str
    sitting: Sitting
    roles: frozenset[str]
    scope: Scope
    at: datetime
    institution: Institution


def submit_assessment(command: SubmitAssessment, work: SuitabilityWork) -> None:
    refuse_staff(command.roles)
    command.sitting.refuse_impossible(command.at)
    refuse_out_of_scope(command.customer_id, command.scope, work)
    customer = work.customers.claim(command.customer_id)
    if customer is None:
        raise not_known("customer", "客户")
    on = command.institution.day(command.at)
    version = command.sitting.questionnaire_version
    questionnaire = command.institution.questionnaires.answered_on(version, on)
    questionnaire.refuse_other_clients(kind_of(customer))
    score = questionnaire.score(command.sitting.answers)
    assessment = Assessment(
        assessment_id=command.assessment_id,
        level=score.level,
        lowest_category=score.lowest_category,
        score=score.points,
        source=Source.QUESTIONNAIRE,
        sitting=command.sitting,
        questionnaire_digest=questionnaire.digest,
        assessed_on=on,
        at=command.at,
    )
    profile = work.profiles.find(command.customer_id) or RiskProfile(command.customer_id)
    event = profile.assess(assessment, command.institution.limits(on))
    work.questionnaires.note(questionnaire, command.at)
    work.profiles.save(profile, event)
    work.expiries.put(Expiry.of(event, on))
    work.announce(event)
    matches = work.matches.open_of_customer(command.customer_id, command.at)
    review(matches, PROFILE, command.institution, command.at, work)
    match_holdings(command.customer_id, Cause.LEVEL, command.institution, command.at, work)


def refuse_staff(roles: frozenset[str]) -> None:
    """Staff may not assess, or confirm a level, for the client (S1 Art 13(1), S3 Art 27).

    Whoever has any other role beside the client's channel may be staff, and is refused.
    """
    if CLIENT_CHANNEL not in roles or roles - OF_SYSTEMS:
        raise Forbidden(
            "only_the_client_answers",
            "only the client may answer the questionnaire and confirm a level; "
            "staff may not do it for them",
            "风险测评和等级确认须由客户本人完成，工作人员不得代为操作",
            rule="ASM-09",
        )
