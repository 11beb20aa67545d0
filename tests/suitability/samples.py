"""An institution, a client and a fund that tests start from."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from chassis.scope import EVERYTHING, Scope
from services.suitability.adapters.packs import released_packs
from services.suitability.adapters.questionnaires import released_questionnaires
from services.suitability.domain.assessment import Sitting
from services.suitability.domain.institution import Institution
from services.suitability.domain.questionnaire import Questionnaire
from services.suitability.usecases.decide import Decide, decide
from services.suitability.usecases.keep_customer import KeepCustomer, keep_customer
from services.suitability.usecases.keep_product import KeepProduct, keep_product
from services.suitability.usecases.ports import SuitabilityWork
from services.suitability.usecases.submit_assessment import SubmitAssessment, submit_assessment

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
CLIENT = frozenset({"client_channel"})
INSTITUTION = Institution(
    licence="fund_distributor",
    packs=released_packs(),
    questionnaires=released_questionnaires(),
    zone=ZoneInfo("Asia/Shanghai"),
)
QUESTIONNAIRE = INSTITUTION.questionnaires.for_audience("person", NOON.date())
COMPANY_QUESTIONNAIRE = INSTITUTION.questionnaires.for_audience("company", NOON.date())
CUSTOMER: Mapping[str, object] = {
    "kind": "person",
    "born_on": "1980-05-01",
    "financial_assets": "800000",
    "average_income_3y": "300000",
    "investing_years": 3,
}
FUND: Mapping[str, object] = {
    "kind": "public_fund",
    "placement": "public",
    "asset_class": "mixed",
    "issuer_level": "R3",
    "seller_level": "R3",
    "state": "listed",
}
ASKED: Mapping[str, object] = {
    "amount": "100000",
    "channel": "branch",
    "initiated_by": "client",
    "steps": [],
    "recording_consent": True,
}


def answers(wish: str = "middle", questionnaire: Questionnaire = QUESTIONNAIRE) -> dict[str, str]:
    """The lowest, middle or highest score that knocks nobody out."""
    chosen = {}
    for question in questionnaire.questions:
        ranked = sorted(
            (answer for answer in question.answers if not answer.knock_out),
            key=lambda answer: answer.score,
        )
        place = {"lowest": 0, "middle": (len(ranked) - 1) // 2, "highest": len(ranked) - 1}[wish]
        chosen[question.id] = ranked[place].id
    return chosen


def sitting(at: datetime, wish: str = "middle") -> Sitting:
    begun = at - timedelta(minutes=5)
    return Sitting(QUESTIONNAIRE.version, answers(wish), "client-app", "phone-1", begun, at)


def assess(
    work: SuitabilityWork, at: datetime = NOON, wish: str = "middle", name: str = "a-1"
) -> None:
    command = SubmitAssessment(
        assessment_id=name,
        customer_id="c-1",
        sitting=sitting(at, wish),
        roles=CLIENT,
        scope=EVERYTHING,
        at=at,
        institution=INSTITUTION,
    )
    submit_assessment(command, work)


def know_customer(
    work: SuitabilityWork, sequence: int = 1, at: datetime = NOON, **changes: object
) -> None:
    command = KeepCustomer(
        customer_id="c-1",
        facts={**CUSTOMER, **changes},
        sequence=sequence,
        at=at,
        institution=INSTITUTION,
    )
    keep_customer(command, work)


def know_fund(
    work: SuitabilityWork, sequence: int = 1, at: datetime = NOON, **changes: object
) -> None:
    command = KeepProduct(
        product_id="P1",
        facts={**FUND, **changes},
        whole=True,
        sequence=sequence,
        at=at,
        institution=INSTITUTION,
    )
    keep_product(command, work)


def sell(
    work: SuitabilityWork, at: datetime = NOON, scope: Scope = EVERYTHING, **changes: object
) -> Decide:
    command = Decide(
        decision_id=f"d-{at.isoformat()}",
        sale_id="sale-1",
        customer_id="c-1",
        product_id="P1",
        asked={**ASKED, **changes},
        by="s-1",
        scope=scope,
        at=at,
        institution=INSTITUTION,
    )
    decide(command, work)
    return command


def ready(work: SuitabilityWork) -> None:
    """A C3 client and an R3 fund are known."""
    know_customer(work)
    know_fund(work)
    assess(work)
