"""Whom a product could be offered to: every client whom the caller sees, decided by every rule.

As `eligible_products`, for the other side: decided as staff's own offer (MAT-06), and nothing is
kept. Masks say which clients may have the wanted outcome; whoever is listed is decided again, on
what is known now, with reasons.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from chassis.scope import Reach, Scope
from services.suitability.domain.decision import Decision
from services.suitability.domain.institution import Document, Institution
from services.suitability.domain.pack import Pack
from services.suitability.domain.sale import Sale, read_sale
from services.suitability.usecases.decide import not_known
from services.suitability.usecases.eligible_products import offered
from services.suitability.usecases.known import customer_facts, terms
from services.suitability.usecases.ports import SuitabilityWork

ANY = "any"
BATCH = 500


class Shortlist(Protocol):
    """The clients whose outcome by masks is the wanted one."""

    def after(self, customer_id: str) -> Iterator[str]:
        """Those that follow, in order."""
        ...

    def __contains__(self, customer_id: object) -> bool: ...


class Clients(Protocol):
    """All clients as bits, as they are now."""

    def shortlist(self, pack: Pack, on: date, sale: Sale, outcome: str) -> Shortlist:
        """*sale* says the product, the request and the seller."""
        ...

    def seen(self, scope: Scope, after: str, limit: int) -> Sequence[str]:
        """The next clients whom the caller sees, in order."""
        ...


@dataclass(frozen=True)
class EligibleCustomer:
    customer_id: str
    decision: Decision


@dataclass(frozen=True)
class EligibleFound:
    """One more than the limit when there are more."""

    customers: Sequence[EligibleCustomer]
    amount: str


@dataclass(frozen=True, kw_only=True)
class EligibleCustomers:
    """*amount* empty asks for the product's own minimum."""

    product_id: str
    channel: str
    amount: str
    outcome: str
    after: str
    limit: int
    scope: Scope
    at: datetime
    institution: Institution
    clients: Clients


def eligible_customers(command: EligibleCustomers, work: SuitabilityWork) -> EligibleFound:
    """By customer_id."""
    product = work.products.find(command.product_id)
    if product is None:
        raise not_known("product", "产品")
    asked = offered(command.channel, command.amount, product)
    facts = terms(product, asked)
    found: list[EligibleCustomer] = []
    for customer_id in candidates(command, facts, asked):
        customer = customer_facts(customer_id, work)
        if customer is None:
            continue
        decision = command.institution.decide(command.at, customer, facts, asked)
        if command.outcome in (ANY, decision.outcome):
            found.append(EligibleCustomer(customer_id, decision))
        if len(found) > command.limit:
            break
    return EligibleFound(found, str(asked.get("amount", "")))


def candidates(command: EligibleCustomers, facts: Document, asked: Document) -> Iterator[str]:
    """Who is not seen makes no difference: neither to who is listed, nor to the order."""
    ours, on = command.institution, command.institution.day(command.at)
    sale = read_sale(ours.document(command.at, {}, facts, asked))
    shortlist = command.clients.shortlist(ours.packs.in_force(on), on, sale, command.outcome)
    if command.scope.reach is Reach.INSTITUTION:
        yield from shortlist.after(command.after)
        return
    after = command.after
    while batch := command.clients.seen(command.scope, after, BATCH):
        yield from (customer_id for customer_id in batch if customer_id in shortlist)
        after = batch[-1]
