"""Somebody who did not enter an application to be professional accepts or refuses it."""

from dataclasses import dataclass
from datetime import datetime

from chassis.errors import NotFound
from chassis.scope import Scope
from services.suitability.domain.assessment import RiskProfile
from services.suitability.domain.customer_class import ClassApplication, RefusalReason
from services.suitability.domain.institution import Institution
from services.suitability.usecases.apply_for_class import take_effect
from services.suitability.usecases.ports import SuitabilityWork


@dataclass(frozen=True, kw_only=True)
class DecideClass:
    """Accepted when there is no *refusal*."""

    application_id: str
    refusal: RefusalReason | None
    by: str
    scope: Scope
    at: datetime
    institution: Institution


def decide_class(command: DecideClass, work: SuitabilityWork) -> None:
    asked = seen(command, work)
    work.customers.claim(asked.customer_id)
    application = seen(command, work)  # as it is now that nobody else may change it
    if command.refusal is not None:
        application.refuse(command.refusal, by=command.by, at=command.at)
        work.class_applications.save(application)
        return
    application.accept(by=command.by, at=command.at)
    work.class_applications.save(application)
    profile = work.profiles.find(application.customer_id) or RiskProfile(application.customer_id)
    take_effect(application, profile, command.institution, command.at, work)


def seen(command: DecideClass, work: SuitabilityWork) -> ClassApplication:
    """Whoever does not serve the client hears what is said of one that does not exist."""
    application = work.class_applications.find(command.application_id)
    if application is None or not work.custody.sees(command.scope, application.customer_id):
        raise no_such_application()
    return application


def no_such_application() -> NotFound:
    return NotFound(
        "no_such_class_application",
        "there is no such application",
        "没有这项投资者类别申请",
        field="application_id",
    )
