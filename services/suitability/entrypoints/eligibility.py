"""Eligible products as they are asked for and answered."""

from collections.abc import Sequence
from datetime import datetime

from chassis.errors import Invalid
from chassis.inputs import amount, identifier
from chassis.paging import Page, bad_cursor, decode, encode
from chassis.scope import Scope
from liheng.suitability.v1 import suitability_pb2 as pb
from services.suitability.domain.catalogue import CHANNELS, PRODUCT_KINDS
from services.suitability.domain.institution import Institution
from services.suitability.domain.pack import Verdict
from services.suitability.domain.receipt import receipt
from services.suitability.entrypoints.writing import finding_message
from services.suitability.usecases.eligible_products import ANY, Eligible, EligibleProducts

LIST = "eligible_products"
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
        after=_place(page.cursor),
        limit=page.limit,
        scope=scope,
        at=at,
        institution=institution,
    )


def _one_of(value: str, known: Sequence[str], field: str) -> str:
    if value in known:
        return value
    names = ", ".join(known)
    raise Invalid(f"unknown_{field}", f"must be one of: {names}", f"只能是：{names}", field=field)


def _place(cursor: str) -> str:
    if not cursor:
        return ""
    match decode(cursor):
        case [mark, product_id] if mark == LIST and "\0" not in product_id:
            return product_id
    raise bad_cursor()


def eligible_message(found: Sequence[Eligible], limit: int) -> pb.ListEligibleProductsResponse:
    shown = found[:limit]
    following = encode([LIST, shown[-1].product_id]) if len(found) > limit else ""
    return pb.ListEligibleProductsResponse(products=map(_product, shown), next_cursor=following)


def _product(one: Eligible) -> pb.EligibleProduct:
    decision = one.decision
    said = receipt(decision)
    return pb.EligibleProduct(
        product_id=one.product_id,
        kind=one.kind,
        effective_level=decision.sale.effective_level or "",
        outcome=decision.outcome,
        amount=one.amount,
        requires=decision.requires,
        reasons=[
            finding_message(rule)
            for rule in said["rules"]  # type: ignore[attr-defined]
            if rule["verdict"] != Verdict.ALLOW
        ],
        obligations=list(decision.obligations),
        rule_pack=decision.pack.name,
    )
