"""What a client could be offered: the products known here, each decided by every rule in force.

A list made for staff is a recommendation (MAT-06): it is decided as staff's, so that nothing above
an ordinary client's level is ever allowed in it, and of all outcomes only ALLOW is shown unless
others are asked for. Nothing is kept: a sale needs a decision of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chassis.scope import Scope
from services.suitability.domain.decision import Decision
from services.suitability.domain.institution import Document, Institution
from services.suitability.usecases.decide import not_known, refuse_out_of_scope
from services.suitability.usecases.known import customer_facts, terms
from services.suitability.usecases.ports import Kept, SuitabilityWork

ANY = "any"
CHUNK = 200


@dataclass(frozen=True)
class Eligible:
    product_id: str
    kind: str
    amount: str
    decision: Decision


@dataclass(frozen=True, kw_only=True)
class EligibleProducts:
    """*amount* empty asks for each product's own minimum; *kind* empty for any."""

    customer_id: str
    channel: str
    amount: str
    outcome: str
    kind: str
    after: str
    limit: int
    scope: Scope
    at: datetime
    institution: Institution


def eligible_products(command: EligibleProducts, work: SuitabilityWork) -> list[Eligible]:
    """By product_id, one more than the limit when there are more."""
    refuse_out_of_scope(command.customer_id, command.scope, work)
    customer = customer_facts(command.customer_id, work)
    if customer is None:
        raise not_known("customer", "客户")
    found: list[Eligible] = []
    for product in shelf(command, work):
        one = decided(command, customer, product)
        if command.outcome in (ANY, one.decision.outcome):
            found.append(one)
        if len(found) > command.limit:
            break
    return found


def shelf(command: EligibleProducts, work: SuitabilityWork) -> Iterator[Kept]:
    after = command.after
    while chunk := work.products.after(after, CHUNK):
        yield from (one for one in chunk if command.kind in ("", one.facts.get("kind")))
        after = chunk[-1].subject


def decided(command: EligibleProducts, customer: Document, product: Kept) -> Eligible:
    asked = offered(command.channel, command.amount, product)
    decision = command.institution.decide(command.at, customer, terms(product, asked), asked)
    kind, amount = str(product.facts.get("kind", "")), str(asked.get("amount", ""))
    return Eligible(product.subject, kind, amount, decision)


def offered(channel: str, amount: str, product: Kept) -> Document:
    """What staff ask when they offer it: *amount*, or the product's own minimum."""
    wanted = amount or str(product.facts.get("minimum_amount") or "")
    return {
        "channel": channel,
        "initiated_by": "staff",
        "recording_consent": True,
        **({"amount": wanted} if wanted else {}),
    }
