"""Eligible products and clients as they are asked for and answered."""

from collections.abc import Sequence
from datetime import datetime

from chassis.errors import Invalid
from chassis.inputs import amount, identifier
from chassis.paging import Page, bad_cursor, decode, encode
from chassis.scope import Scope
from liheng.suitability.v1 import suitability_pb2 as pb
from services.suitability.domain.catalogue import CHANNELS, PRODUCT_KINDS
from services.suitability.domain.decision import Decision
from services.suitability.domain.institution import Institution
from services.suitability.domain.pack import Verdict
from services.suitability.domain.receipt import receipt
from services.suitability.entrypoints.writing import finding_message
from services.suitability.usecases.eligible_customers import (
    Clients,
    EligibleCustomer,
    EligibleCustomers,
    EligibleFound,
)
from services.suitability.usecases.eligible_products import ANY, Eligible, EligibleProducts

PRODUCTS, CUSTOMERS = "eligible_products", "eligible_customers"
OUTCOMES = (*(str(verdict) for verdict in Verdict), ANY)


def eligible(
    request: pb.ListEligibleProductsRequest, scope: Scope, at: datetime, institution: Institution
) -> EligibleProducts:
    page = Page.asked(request.limit, request.cursor)
    return EligibleProducts(
        customer_id=identifier(request.customer_id, "customer_id"),
        channel=_one_of(request.channel or "branch", CHANNELS.choices, "channel"),
        amount=f"{amount(request.amount, 'amount'):f}" if request.amount else "",
        outcome=_one_of(request.outcome or Verdict.ALLOW, OUTCOMES, "outcome"),
        kind=_one_of(request.kind, PRODUCT_KINDS.choices, "kind") if request.kind else "",
        after=_place(page.cursor, PRODUCTS),
        limit=page.limit,
        scope=scope,
        at=at,
        institution=institution,
    )


def eligible_clients(
    request: pb.ListEligibleCustomersRequest,
    scope: Scope,
    at: datetime,
    institution: Institution,
    clients: Clients,
) -> EligibleCustomers:
    page = Page.asked(request.limit, request.cursor)
    return EligibleCustomers(
        product_id=identifier(request.product_id, "product_id"),
        channel=_one_of(request.channel or "branch", CHANNELS.choices, "channel"),
        amount=f"{amount(request.amount, 'amount'):f}" if request.amount else "",
        outcome=_one_of(request.outcome or Verdict.ALLOW, OUTCOMES, "outcome"),
        after=_place(page.cursor, CUSTOMERS),
        limit=page.limit,
        scope=scope,
        at=at,
        institution=institution,
        clients=clients,
    )


def _one_of(value: str, known: Sequence[str], field: str) -> str:
    if value in known:
        return value
    names = ", ".join(known)
    raise Invalid(f"unknown_{field}", f"must be one of: {names}", f"只能是：{names}", field=field)


def _place(cursor: str, of: str) -> str:
    if not cursor:
        return ""
    match decode(cursor):
        case [mark, str(last)] if mark == of and "\0" not in last:
            return last
    raise bad_cursor()


def eligible_message(found: Sequence[Eligible], limit: int) -> pb.ListEligibleProductsResponse:
    shown = found[:limit]
    following = encode([PRODUCTS, shown[-1].product_id]) if len(found) > limit else ""
    return pb.ListEligibleProductsResponse(products=map(_product, shown), next_cursor=following)


def eligible_clients_message(found: EligibleFound, limit: int) -> pb.ListEligibleCustomersResponse:
    shown = found.customers[:limit]
    more = len(found.customers) > limit
    return pb.ListEligibleCustomersResponse(
        customers=map(_customer, shown),
        next_cursor=encode([CUSTOMERS, shown[-1].customer_id]) if more else "",
        amount=found.amount,
    )


def _product(one: Eligible) -> pb.EligibleProduct:
    decision = one.decision
    return pb.EligibleProduct(
        product_id=one.product_id,
        kind=one.kind,
        effective_level=decision.sale.effective_level or "",
        outcome=decision.outcome,
        amount=one.amount,
        requires=decision.requires,
        reasons=reasons(decision),
        obligations=list(decision.obligations),
        rule_pack=decision.pack.name,
    )


def _customer(one: EligibleCustomer) -> pb.EligibleCustomer:
    decision = one.decision
    return pb.EligibleCustomer(
        customer_id=one.customer_id,
        outcome=decision.outcome,
        customer_class=decision.customer_class or "",
        requires=decision.requires,
        reasons=reasons(decision),
        obligations=list(decision.obligations),
        rule_pack=decision.pack.name,
    )


def reasons(decision: Decision) -> list[pb.RuleFinding]:
    """The rules that require or block."""
    return [
        finding_message(rule)
        for rule in receipt(decision)["rules"]  # type: ignore[attr-defined]
        if rule["verdict"] != Verdict.ALLOW
    ]
