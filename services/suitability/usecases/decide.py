"""Whether a client may be sold a product, decided by every rule in force and kept for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from chassis.errors import NotFound
from chassis.scope import Scope
from chassis.trail import Entry
from services.suitability.domain.decision import Decision
from services.suitability.domain.institution import Institution
from services.suitability.domain.match import DecisionMade, Match
from services.suitability.domain.receipt import proof, receipt
from services.suitability.usecases.known import terms, with_profile
from services.suitability.usecases.ports import Known, SuitabilityWork


@dataclass(frozen=True, kw_only=True)
class Decide:
    decision_id: str
    sale_id: str
    customer_id: str
    product_id: str
    asked: Mapping[str, object]
    by: str
    scope: Scope
    at: datetime
    institution: Institution


def decide(command: Decide, work: SuitabilityWork) -> Match:
    known = work.known(command.scope, command.customer_id, command.product_id)
    if known.customer is None or not served(known):
        raise not_known("customer", "客户")
    if known.product is None:
        raise not_known("product", "产品")
    customer = with_profile(known.customer, work)
    product = terms(known.product, command.asked)
    decision = command.institution.decide(command.at, customer, product, dict(command.asked))
    match = kept(command, decision)
    work.matches.add(match)
    work.record(made(match, decision))
    work.announce(DecisionMade(match))
    return match


def made(match: Match, decision: Decision) -> Entry:
    """The outcome, the rules behind it, and the digest that proves the receipt."""
    told = {
        "outcome": str(match.outcome),
        "rules": [finding.rule.id for finding in decision.findings],
        "rule_pack": decision.pack.digest,
        "receipt": proof(match.receipt),
    }
    return Entry(action="decision.made", subject=match.decision_id, details=told)


def served(known: Known) -> bool:
    """Whoever does not serve the client hears what is said of one that does not exist."""
    return known.seen


def refuse_out_of_scope(customer_id: str, scope: Scope, work: SuitabilityWork) -> None:
    """Whoever does not serve the client hears what is said of one that does not exist."""
    if not work.custody.sees(scope, customer_id):
        raise not_known("customer", "客户")


def kept(command: Decide, decision: Decision) -> Match:
    return Match(
        decision_id=command.decision_id,
        sale_id=command.sale_id,
        customer_id=command.customer_id,
        product_id=command.product_id,
        amount=Decimal(str(command.asked["amount"])),
        asked=command.asked,
        outcome=decision.outcome,
        receipt=receipt(decision),
        decided_by=command.by,
        at=command.at,
        valid_until=decision.valid_until,
    )


def not_known(what: str, zh: str) -> NotFound:
    return NotFound(
        f"{what}_not_known",
        f"this {what} is not known here yet; if it was just entered, try again shortly",
        f"尚无该{zh}的信息；如刚刚录入，请稍后再试",
        field=f"{what}_id",
    )
