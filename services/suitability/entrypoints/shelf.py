"""A shelf of products for one client, as it is asked for and answered."""

from chassis.errors import Invalid, Refusal
from chassis.inputs import identifier
from liheng.suitability.v1 import events_pb2
from liheng.suitability.v1 import suitability_pb2 as pb
from services.suitability.domain.obligations import first_rule, parameters_in_words
from services.suitability.entrypoints.eligibility import reasons
from services.suitability.usecases.decide_shelf import OnShelf

MOST = 500


def shelf_of(request: pb.DecideShelfRequest) -> list[str]:
    """Each product once."""
    wanted = list(dict.fromkeys(request.product_ids))
    if not 0 < len(wanted) <= MOST:
        raise Invalid(
            "wrong_number_of_products",
            f"name from 1 to {MOST} products",
            f"产品数量须为 1 至 {MOST} 个",
            field="product_ids",
        )
    return [identifier(product_id, "product_ids") for product_id in wanted]


def shelf_message(one: OnShelf) -> pb.ShelfDecision:
    decision = one.decided
    if isinstance(decision, Refusal):
        error = pb.ShelfError(code=decision.code, en=decision.en, zh=decision.zh)
        return pb.ShelfDecision(product_id=one.product_id, amount=one.amount, error=error)
    return pb.ShelfDecision(
        product_id=one.product_id,
        outcome=decision.outcome,
        amount=one.amount,
        regime=decision.regime or "",
        customer_class=decision.customer_class or "",
        effective_level=decision.sale.effective_level or "",
        requires=decision.requires,
        obligations=[
            events_pb2.Obligation(
                name=name, parameters=parameters_in_words(terms), rule_id=first_rule(terms)
            )
            for name, terms in decision.obligations.items()
        ],
        reasons=reasons(decision),
        rule_pack=decision.pack.name,
    )
