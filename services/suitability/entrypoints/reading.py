"""Requests and announced facts as the domain reads them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from chassis.errors import Invalid
from chassis.inputs import amount, day, decimal, identifier, text
from chassis.moments import moment
from chassis.scope import Custody, Share
from liheng.customer.v1.events_pb2 import (
    AccessGranted,
    AdviserChanged,
    CustomerFacts,
    CustomerOnboarded,
    HoldingsChanged,
)
from liheng.product.v1.events_pb2 import NavPublished, ProductListed
from liheng.suitability.v1 import suitability_pb2 as pb
from services.suitability.domain.assessment import Sitting
from services.suitability.domain.price import Price
from services.suitability.domain.sale import UnreadableSale, read_sale
from services.suitability.usecases.keep_customer import BroughtLevel

Document = dict[str, object]

CUSTOMER_TEXTS = (
    "born_on",
    "financial_assets",
    "household_financial_assets",
    "household_net_financial_assets",
    "average_income_3y",
    "household_annual_income",
    "net_assets",
    "capacity",
)
CUSTOMER_YEARS = ("investing_years", "relevant_work_years")
CUSTOMER_FLAGS = ("guardian_consent", "information_refused")
PRODUCT_TEXTS = (
    "kind",
    "placement",
    "asset_class",
    "issuer_level",
    "seller_level",
    "state",
    "minimum_amount",
)
ASKED_TEXTS = ("channel", "initiated_by")
ASKED_FLAGS = (
    "recording_consent",
    "special_care_done",
    "insurance_statement_signed",
    "nominee",
    "borrowed_money",
    "split",
)
PREMIUMS = ("single_premium", "annual_premium", "budget")
FLAGS = {"true": True, "false": False}
SECTIONS = ("seller", "customer", "product", "request")
ANY_MOMENT = "2026-02-01T00:00:00+08:00"


def customer_facts(facts: CustomerFacts, *, kind: str = "", born_on: str = "") -> Document:
    """Raise Invalid when the facts cannot be read; empty ones are unknown."""
    document: Document = {
        **_given(facts, CUSTOMER_TEXTS),
        **_given(facts, CUSTOMER_YEARS, _whole),
        **_given(facts, CUSTOMER_FLAGS, FLAGS.__getitem__),
    }
    document |= _known({"kind": facts.kind or kind, "born_on": facts.born_on or born_on})
    document |= _known({"facts_source": facts.source, "facts_as_of": facts.as_of})
    return _readable("customer", document)


def custody(event: CustomerOnboarded | AdviserChanged) -> Custody:
    return Custody(event.adviser_id, event.team_id, event.branch_id)


def share(event: AccessGranted) -> Share:
    return Share(
        share_id=event.grant_id,
        staff_id=event.staff_id,
        subject_id=event.customer_id,
        owner_id=event.adviser_id,
        purpose=event.purpose,
        valid_from=moment(event.valid_from),
        valid_until=moment(event.valid_until),
    )


def brought_level(event: CustomerOnboarded, event_id: str) -> BroughtLevel | None:
    """The level an imported client had before, if it says when it was assessed."""
    if not event.risk_level or not event.assessed_on:
        return None
    _readable("customer", {"risk_level": event.risk_level, "assessed_on": [event.assessed_on]})
    return BroughtLevel(event_id, event.risk_level, day(event.assessed_on, "assessed_on"))


def product_facts(event: ProductListed) -> Document:
    """Raise Invalid when the terms cannot be read; empty ones are unknown."""
    document = {
        **_given(event, PRODUCT_TEXTS),
        **_given(event, ("cooling_off_hours",), _whole),
    }
    if event.HasField("insurance"):
        terms = event.insurance
        document["insurance"] = {
            **_given(terms, ("line", "design")),
            "term_years": terms.term_years,
            "pay_years": terms.pay_years,
        }
    return _readable("product", document)


def levels(issuer_level: str, seller_level: str) -> Document:
    known = _known({"issuer_level": issuer_level, "seller_level": seller_level})
    return _readable("product", known)


def units(event: HoldingsChanged) -> dict[str, Decimal]:
    return {held.product_id: decimal(held.units, "units") for held in event.holdings}


def price(event: NavPublished, sequence: int, at: datetime) -> Price:
    """Raise Invalid when the price or its day cannot be read."""
    nav, as_of = decimal(event.nav, "nav"), day(event.as_of, "as_of")
    return Price(event.product_id, nav, as_of, sequence, at)


def asked(request: pb.DecideRequest) -> Document:
    """Only what was said: a flag that is not set was not given."""
    return _asked(request, {"amount": f"{amount(request.amount, 'amount'):f}"})


def asked_of_each(request: pb.DecideShelfRequest) -> Document:
    """As *asked*, of many products; without an amount none is said."""
    said = request.amount and f"{amount(request.amount, 'amount'):f}"
    return _asked(request, {"amount": said} if said else {})


def _asked(request: pb.DecideRequest | pb.DecideShelfRequest, amounts: Document) -> Document:
    document: Document = {
        **amounts,
        "steps": list(request.steps),
        **_given(request, ASKED_TEXTS),
        **{flag: getattr(request, flag) for flag in ASKED_FLAGS},
        **_given(request.insurance, PREMIUMS),
    }
    seller = {"channel": document.get("channel")}
    terms = {name: document.get(name) for name in PREMIUMS}
    _readable("request", document, seller=seller, product={"insurance": terms})
    return document


def sitting(request: pb.SubmitAssessmentRequest, author: str) -> Sitting:
    for field in ("started_at", "ended_at"):
        if not request.HasField(field):
            raise Invalid("missing", f"{field} is missing", f"缺少 {field}", field=field)
    return Sitting(
        questionnaire_version=identifier(request.questionnaire_version, "questionnaire_version"),
        answers=dict(request.answers),
        author=author,
        device=text(request.device, "device"),
        started_at=moment(request.started_at),
        ended_at=moment(request.ended_at),
    )


def _given(source: object, names: tuple[str, ...], read: Callable[[str], object] = str) -> Document:
    texts = {name: getattr(source, name) for name in names}
    try:
        return {name: read(text) for name, text in texts.items() if text}
    except (KeyError, ValueError) as error:
        raise Invalid(
            "unreadable_fact", f"a fact cannot be read: {error}", f"信息无法读取：{error}"
        ) from None


def _whole(text: str) -> int:
    return int(text)


def _known(texts: Mapping[str, str]) -> Document:
    return {name: text for name, text in texts.items() if text}


def _readable(section: str, document: Document, **others: Document) -> Document:
    """The same reading a decision does, so that what cannot be decided is refused at once."""
    sections: dict[str, object] = {name: {} for name in SECTIONS}
    try:
        read_sale({"at": ANY_MOMENT, **sections, **others, section: document})
    except UnreadableSale as error:
        _, _, field = error.field.rpartition(".")
        raise Invalid(error.code, error.en, error.zh, field=field) from None
    return document
