"""Read products as callers and other services write them."""

from datetime import date
from decimal import Decimal

from chassis.errors import Invalid
from chassis.inputs import choice, day, decimal, identifier, optional_text, storable, text
from liheng.product.v1 import events_pb2, product_pb2
from services.product.domain.rating import Level, Rating
from services.product.domain.terms import (
    AssetClass,
    InsuranceDesign,
    InsuranceLine,
    InsuranceTerms,
    Kind,
    Placement,
    ScriptNode,
    State,
    Terms,
    usual_placement,
)

LONGEST_COOLING_OFF = 24 * 60  # hours
LONGEST_YEARS = 120
MOST_NODES = 60


def read_terms(product: product_pb2.Product) -> Terms:
    kind = choice(Kind, product.kind, "kind")
    return Terms(
        name=text(product.name, "name"),
        kind=kind,
        placement=(
            choice(Placement, product.placement, "placement")
            if product.placement
            else usual_placement(kind)
        ),
        asset_class=(
            choice(AssetClass, product.asset_class, "asset_class") if product.asset_class else None
        ),
        minimum_amount=read_minimum(product.minimum_amount),
        matures_on=read_day(product.matures_on, "matures_on"),
        cooling_off_hours=read_hours(product.cooling_off_hours),
        insurance=read_insurance(product),
        script=read_script(product),
        state=choice(State, product.state or State.LISTED, "state"),
    )


def read_level(value: str, field: str) -> Level | None:
    return choice(Level, value, field) if value else None


def read_rating(product: product_pb2.Product) -> Rating:
    return Rating(
        read_level(product.issuer_level, "issuer_level"),
        read_level(product.seller_level, "seller_level"),
    )


def read_day(value: str, field: str) -> date | None:
    return day(value, field) if value else None


def read_minimum(value: str) -> Decimal:
    minimum = storable(value, "minimum_amount") if value else Decimal(0)
    if minimum < 0 or minimum != minimum.quantize(Decimal("0.01")):
        raise Invalid(
            "not_an_amount",
            "minimum_amount must not be negative and is in whole cents",
            "minimum_amount 不能为负且精确到分",
            field="minimum_amount",
        )
    return minimum


def read_hours(value: str) -> int | None:
    if not value:
        return None
    return whole(decimal(value, "cooling_off_hours"), "cooling_off_hours", LONGEST_COOLING_OFF)


def whole(number: Decimal | int, field: str, most: int) -> int:
    if number != int(number) or not 0 <= number <= most:
        raise Invalid(
            "out_of_range",
            f"{field} must be a whole number between 0 and {most}",
            f"{field} 必须是 0 到 {most} 之间的整数",
            field=field,
        )
    return int(number)


def read_insurance(product: product_pb2.Product) -> InsuranceTerms | None:
    if not product.HasField("insurance"):
        return None
    terms = product.insurance
    return InsuranceTerms(
        choice(InsuranceLine, terms.line, "insurance.line"),
        choice(InsuranceDesign, terms.design, "insurance.design"),
        whole(terms.term_years, "insurance.term_years", LONGEST_YEARS),
        whole(terms.pay_years, "insurance.pay_years", LONGEST_YEARS),
    )


def read_script(product: product_pb2.Product) -> tuple[ScriptNode, ...]:
    whole(len(product.script), "script", MOST_NODES)
    return tuple(read_node(node) for node in product.script)


def read_node(node: events_pb2.ScriptNode) -> ScriptNode:
    return ScriptNode(
        identifier(node.node_id, "script.node_id"),
        text(node.title_zh, "script.title_zh"),
        optional_text(node.title_en, "script.title_en"),
        text(node.say_zh, "script.say_zh", longest=4000),
        node.answer_required,
    )
