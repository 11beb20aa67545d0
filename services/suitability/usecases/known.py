"""What is known of a customer and of a product, as a decision reads it."""

from collections.abc import Mapping

from services.suitability.domain.assessment import RiskProfile
from services.suitability.usecases.ports import Kept, SuitabilityWork

Document = dict[str, object]
PREMIUMS = ("single_premium", "annual_premium", "budget")


def customer_facts(customer_id: str, work: SuitabilityWork) -> Document | None:
    """Announced facts and the risk profile; nothing when the customer was never announced."""
    known = work.customers.find(customer_id)
    return None if known is None else with_profile(known, work)


def with_profile(known: Kept, work: SuitabilityWork) -> Document:
    """Announced facts and the risk profile."""
    profile = work.profiles.find(known.subject) or RiskProfile(known.subject)
    return {**known.facts, **profile.facts()}


def kind_of(customer: Kept) -> str | None:
    kind = customer.facts.get("kind")
    return None if kind is None else str(kind)


def product_facts(
    product_id: str, asked: Mapping[str, object], work: SuitabilityWork
) -> Document | None:
    """Announced terms and, for insurance, the premiums that were asked for."""
    known = work.products.find(product_id)
    return None if known is None else terms(known, asked)


def terms(known: Kept, asked: Mapping[str, object]) -> Document:
    """Announced terms and, for insurance, the premiums that were asked for."""
    facts = dict(known.facts)
    insurance = facts.get("insurance")
    if isinstance(insurance, Mapping):
        facts["insurance"] = {**insurance, **{key: asked.get(key) for key in PREMIUMS}}
    return facts
