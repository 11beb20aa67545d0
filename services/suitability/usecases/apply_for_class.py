"""A client asks to be professional, or takes their right to be ordinary."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chassis.scope import Scope
from services.suitability.domain.assessment import RiskProfile
from services.suitability.domain.customer_class import (
    ClassApplication,
    CustomerClass,
    refuse_fixed,
    refuse_held,
    refuse_second,
)
from services.suitability.domain.holding import Cause
from services.suitability.domain.institution import Institution
from services.suitability.domain.match import CLASS
from services.suitability.usecases.decide import not_known, refuse_out_of_scope
from services.suitability.usecases.known import kind_of
from services.suitability.usecases.match_holdings import match_holdings
from services.suitability.usecases.ports import SuitabilityWork
from services.suitability.usecases.review import review
from services.suitability.usecases.submit_assessment import CLIENT_CHANNEL, OF_SYSTEMS


@dataclass(frozen=True, kw_only=True)
class ApplyForClass:
    application_id: str
    customer_id: str
    wanted: CustomerClass
    evidence: Mapping[str, date]
    by: str
    roles: frozenset[str]
    scope: Scope
    at: datetime
    institution: Institution


def apply_for_class(command: ApplyForClass, work: SuitabilityWork) -> None:
    refuse_out_of_scope(command.customer_id, command.scope, work)
    customer = work.customers.claim(command.customer_id)
    if customer is None:
        raise not_known("customer", "客户")
    refuse_fixed(kind_of(customer))
    application = entered(command)
    application.refuse_incomplete(command.institution.day(command.at))
    profile = work.profiles.find(command.customer_id) or RiskProfile(command.customer_id)
    waiting = work.class_applications.waiting(command.customer_id)
    if command.wanted is CustomerClass.PROFESSIONAL:
        refuse_held(command.wanted, profile.elected_class)
        refuse_second(waiting)
        work.class_applications.add(application)
        return
    if waiting is None:
        refuse_held(command.wanted, profile.elected_class)
    else:
        waiting.withdraw(by=command.by, at=command.at)
        work.class_applications.save(waiting)
    application.take_right()
    work.class_applications.add(application)
    take_effect(application, profile, command.institution, command.at, work)


def entered(command: ApplyForClass) -> ClassApplication:
    """Whoever has any other role beside the client's channel may be staff."""
    return ClassApplication(
        application_id=command.application_id,
        customer_id=command.customer_id,
        wanted=command.wanted,
        evidence=command.evidence,
        entered_by=command.by,
        by_client=CLIENT_CHANNEL in command.roles and command.roles <= OF_SYSTEMS,
        entered_at=command.at,
    )


def take_effect(
    application: ClassApplication,
    profile: RiskProfile,
    institution: Institution,
    at: datetime,
    work: SuitabilityWork,
) -> None:
    """What was allowed and what is held is looked at again; the customer is claimed before."""
    event = profile.elect(application, at)
    work.profiles.save(profile)
    if event.previous is not event.customer_class:
        work.announce(event)
    review(work.matches.open_of_customer(profile.customer_id, at), CLASS, institution, at, work)
    match_holdings(profile.customer_id, Cause.CLASS, institution, at, work)
