"""Domain events in the words of proto/liheng/product/v1/events.proto."""

from functools import singledispatch

from google.protobuf.message import Message

from chassis.moments import stamp
from liheng.product.v1 import events_pb2 as pb
from services.product.domain.events import NavPublished, ProductListed, RatingChanged
from services.product.domain.terms import InsuranceTerms, ScriptNode


@singledispatch
def to_message(event: object) -> Message:
    raise TypeError(f"{type(event).__name__} is not announced")


@to_message.register
def _(event: ProductListed) -> Message:
    terms, rating = event.terms, event.rating
    return pb.ProductListed(
        product_id=event.product_id,
        name=terms.name,
        kind=terms.kind,
        placement=terms.placement,
        asset_class=terms.asset_class or "",
        issuer_level=rating.issuer_level or "",
        seller_level=rating.seller_level or "",
        effective_level=rating.effective_level or "",
        minimum_amount=str(terms.minimum_amount),
        matures_on=terms.matures_on.isoformat() if terms.matures_on else "",
        nav=str(event.nav) if event.nav is not None else "",
        cooling_off_hours=(
            str(terms.cooling_off_hours) if terms.cooling_off_hours is not None else ""
        ),
        insurance=insurance_message(terms.insurance) if terms.insurance else None,
        script=[node_message(node) for node in terms.script],
        state=terms.state,
        at=stamp(event.at),
    )


@to_message.register
def _(event: RatingChanged) -> Message:
    return pb.RatingChanged(
        product_id=event.product_id,
        issuer_level=event.rating.issuer_level or "",
        seller_level=event.rating.seller_level or "",
        effective_level=event.rating.effective_level or "",
        previous_effective_level=event.previous_effective_level or "",
        reason=event.reason,
        changed_by=event.changed_by,
        at=stamp(event.at),
    )


@to_message.register
def _(event: NavPublished) -> Message:
    return pb.NavPublished(
        product_id=event.product_id,
        nav=str(event.point.nav),
        as_of=event.point.as_of.isoformat(),
        at=stamp(event.at),
    )


def insurance_message(terms: InsuranceTerms) -> pb.InsuranceTerms:
    return pb.InsuranceTerms(
        line=terms.line,
        design=terms.design,
        term_years=terms.term_years,
        pay_years=terms.pay_years,
    )


def node_message(node: ScriptNode) -> pb.ScriptNode:
    return pb.ScriptNode(
        node_id=node.node_id,
        title_zh=node.title_zh,
        title_en=node.title_en,
        say_zh=node.say_zh,
        answer_required=node.answer_required,
    )
