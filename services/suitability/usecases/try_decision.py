"""What would be decided, on facts that are given, known here, or both: a trial 试算.

Nothing is kept and nothing announced. What is given counts before what is known, and null stands
for what is not known; so a question such as "and with another level?" asks for one fact only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.scope import Scope
from services.suitability.domain.decision import Decision
from services.suitability.domain.institution import Document, Institution
from services.suitability.usecases.decide import not_known, refuse_out_of_scope
from services.suitability.usecases.known import customer_facts
from services.suitability.usecases.ports import SuitabilityWork


@dataclass(frozen=True, kw_only=True)
class TryDecision:
    """*given* as a line of the offline `decide`; *at* is when it is asked.

    What is left out is not known, but for the moment and the licence, which are ours. Without
    *customer_id* and *product_id* nothing is looked up.
    """

    customer_id: str
    product_id: str
    given: object
    scope: Scope
    at: datetime
    institution: Institution

    @property
    def needs_nothing_known(self) -> bool:
        return not (self.customer_id or self.product_id)


def try_decision(command: TryDecision, work: SuitabilityWork) -> Decision:
    """Raise UnreadableSale with every fact that cannot be read."""
    return tried(command, known_customer(command, work), known_product(command, work))


def tried(
    command: TryDecision,
    customer: Mapping[str, object] | None = None,
    product: Mapping[str, object] | None = None,
) -> Decision:
    given = command.given
    if isinstance(given, Mapping):
        known = {
            "seller": {"licence": command.institution.licence},
            "customer": customer or {},
            "product": product or {},
            "request": {},
        }
        given = {
            "at": command.at.isoformat() if given.get("at") is None else given["at"],
            **{name: completed(kept, given.get(name)) for name, kept in known.items()},
        }
    return command.institution.decide_given(given)


def completed(known: Mapping[str, object], given: object) -> object:
    """Both together; what is no object is left for whoever reads the sale to complain of."""
    if not isinstance(given, Mapping | None):
        return given
    given = given or {}
    insurance = completed_terms(known.get("insurance"), given)
    return {**known, **given, **insurance}


def completed_terms(known: object, given: Mapping[str, object]) -> Document:
    """Known terms of an insurance, and the premiums asked for."""
    if not isinstance(known, Mapping) or "insurance" not in given:
        return {}
    return {"insurance": completed(known, given["insurance"])}


def known_customer(command: TryDecision, work: SuitabilityWork) -> Document | None:
    if not command.customer_id:
        return None
    refuse_out_of_scope(command.customer_id, command.scope, work)
    customer = customer_facts(command.customer_id, work)
    if customer is None:
        raise not_known("customer", "客户")
    return customer


def known_product(command: TryDecision, work: SuitabilityWork) -> Mapping[str, object] | None:
    if not command.product_id:
        return None
    product = work.products.find(command.product_id)
    if product is None:
        raise not_known("product", "产品")
    return product.facts
