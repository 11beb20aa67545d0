"""One client against a shelf of products: each decided as a sale would be, and nothing kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Refusal
from chassis.scope import Scope
from services.suitability.domain.decision import Decision
from services.suitability.domain.institution import Document, Institution
from services.suitability.usecases.decide import not_known, refuse_out_of_scope
from services.suitability.usecases.known import customer_facts, terms
from services.suitability.usecases.ports import Kept, SuitabilityWork


@dataclass(frozen=True, kw_only=True)
class DecideShelf:
    """*asked* without an amount asks for each product's own minimum."""

    customer_id: str
    product_ids: Sequence[str]
    asked: Mapping[str, object]
    scope: Scope
    at: datetime
    institution: Institution


@dataclass(frozen=True)
class OnShelf:
    """*decided*, or why it could not be."""

    product_id: str
    amount: str
    decided: Decision | Refusal


def decide_shelf(command: DecideShelf, work: SuitabilityWork) -> list[OnShelf]:
    """In the order they were asked for."""
    refuse_out_of_scope(command.customer_id, command.scope, work)
    customer = customer_facts(command.customer_id, work)
    if customer is None:
        raise not_known("customer", "客户")
    known = {one.subject: one for one in work.products.among(command.product_ids)}
    return [
        decided(command, customer, product_id, known.get(product_id))
        for product_id in command.product_ids
    ]


def decided(
    command: DecideShelf, customer: Document, product_id: str, product: Kept | None
) -> OnShelf:
    if product is None:
        return OnShelf(product_id, "", not_known("product", "产品"))
    amount = str(command.asked.get("amount") or product.facts.get("minimum_amount") or "")
    asked = {**command.asked, **({"amount": amount} if amount else {})}
    try:
        decision = command.institution.decide(command.at, customer, terms(product, asked), asked)
    except Refusal as error:
        return OnShelf(product_id, amount, error)
    return OnShelf(product_id, amount, decision)
