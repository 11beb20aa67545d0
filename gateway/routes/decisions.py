"""/decisions: may this client buy this product, and why."""

import orjson

from gateway.operation import Asked, Routes
from gateway.schemas import offers
from gateway.schemas import suitability as schemas
from gateway.schemas.shown import page_of
from gateway.sentences import Sentence
from liheng.suitability.v1 import suitability_pb2 as pb

decisions = Routes("suitability")


@decisions.post(
    "/decisions",
    permission="decision.make",
    summary=Sentence(
        "Decide a match, for a sale or before there is one, and keep it", "适当性匹配（留存）"
    ),
    body=schemas.DecisionAsked,
    shows=schemas.Decision,
    status=201,
    location="/decisions/{decision_id}",
    refusals=frozenset({404}),
    example={
        "customer_id": "019ab2c4-0000-7000-8000-000000000001",
        "product_id": "P7001",
        "amount": "1000000.00",
        "channel": "branch",
        "initiated_by": "staff",
        "recording_consent": True,
    },
)
async def decide(asked: Asked) -> pb.Decision:
    request = pb.DecideRequest(**asked.body)
    return (await asked.call(asked.services.suitability.Decide, request)).decision


@decisions.post(
    "/trial-decisions",
    permission="decision.make",
    summary=Sentence(
        "What would be decided, on given facts or known ones; nothing is kept",
        "适当性试算：按给定或已有信息判定，不留存",
    ),
    body=schemas.TrialAsked,
    shows=schemas.Trial,
    refusals=frozenset({404}),
    example={
        "customer_id": "019ab2c4-0000-7000-8000-000000000001",
        "product_id": "P7001",
        "seller": {"channel": "branch"},
        "product": {"seller_level": "R4"},
        "request": {"amount": "100000", "initiated_by": "client", "recording_consent": True},
    },
)
async def try_decision(asked: Asked) -> pb.Trial:
    ids = {name: asked.body.pop(name, None) for name in ("customer_id", "product_id")}
    request = pb.TryDecisionRequest(**ids, facts_json=orjson.dumps(asked.body).decode())
    return (await asked.call(asked.services.suitability.TryDecision, request)).trial


@decisions.get(
    "/decisions/{decision_id}/explanation",
    permission="decision.read",
    summary=Sentence(
        "The decision derived again from its receipt: identical, or what differs",
        "由回执重新推导匹配结果：一致，或差异所在",
    ),
    shows=schemas.Explanation,
)
async def explain_decision(asked: Asked) -> pb.ExplainDecisionResponse:
    request = pb.ExplainDecisionRequest(**asked.path)
    return await asked.call(asked.services.suitability.ExplainDecision, request)


@decisions.get(
    "/decisions",
    permission="decision.read",
    summary=Sentence("List decisions, newest first", "匹配结果列表"),
    query=schemas.DecisionsAsked,
    shows=page_of(schemas.Decision, "decisions"),
)
async def list_decisions(asked: Asked) -> pb.ListDecisionsResponse:
    request = pb.ListDecisionsRequest(**asked.query)
    return await asked.call(asked.services.suitability.ListDecisions, request)


@decisions.get(
    "/customers/{customer_id}/eligible-products",
    permission="decision.make",
    summary=Sentence(
        "Products a client may be offered, decided as an offer of staff; ALLOW unless asked",
        "客户可被推介的产品（按工作人员推介判定，默认只列允许的）",
    ),
    query=offers.EligibleProductsAsked,
    shows=page_of(offers.EligibleProduct, "products"),
)
async def list_eligible_products(asked: Asked) -> pb.ListEligibleProductsResponse:
    request = pb.ListEligibleProductsRequest(**asked.path, **asked.query)
    return await asked.call(asked.services.suitability.ListEligibleProducts, request)


@decisions.get(
    "/holding-matches",
    permission="decision.read",
    summary=Sentence(
        "Whether what clients hold suits them, by client, product or opinion",
        "客户持仓的适当性匹配意见（按客户、产品或意见查询）",
    ),
    query=schemas.HoldingMatchesAsked,
    shows=page_of(schemas.HoldingMatch, "holdings"),
)
async def list_holding_matches(asked: Asked) -> pb.ListHoldingMatchesResponse:
    request = pb.ListHoldingMatchesRequest(**asked.query)
    return await asked.call(asked.services.suitability.ListHoldingMatches, request)


@decisions.get(
    "/products/{product_id}/eligible-customers",
    permission="decision.make",
    summary=Sentence(
        "Clients a product may be offered to, decided as an offer of staff; ALLOW unless asked",
        "产品可被推介的客户（按工作人员推介判定，默认只列允许的）",
    ),
    query=offers.EligibleCustomersAsked,
    shows=page_of(offers.EligibleCustomer, "customers", amount=offers.asked_amount()),
)
async def list_eligible_customers(asked: Asked) -> pb.ListEligibleCustomersResponse:
    request = pb.ListEligibleCustomersRequest(**asked.path, **asked.query)
    return await asked.call(asked.services.suitability.ListEligibleCustomers, request)


@decisions.post(
    "/customers/{customer_id}/shelf-decisions",
    permission="decision.make",
    summary=Sentence(
        "What would be decided of many products for one client; nothing is kept",
        "一位客户对多只产品的适当性判定，不留存",
    ),
    body=offers.ShelfAsked,
    shows=offers.Shelf,
    refusals=frozenset({404}),
    example={
        "product_ids": ["P7001", "P7002"],
        "channel": "branch",
        "initiated_by": "staff",
        "recording_consent": True,
    },
)
async def decide_shelf(asked: Asked) -> pb.DecideShelfResponse:
    request = pb.DecideShelfRequest(**asked.path, **asked.body)
    return await asked.call(asked.services.suitability.DecideShelf, request)


@decisions.get(
    "/decisions/{decision_id}",
    permission="decision.read",
    summary=Sentence("One decision, with every rule behind it", "匹配结果及其依据"),
    shows=schemas.Decision,
)
async def get_decision(asked: Asked) -> pb.Decision:
    return await _decision(asked)


@decisions.get(
    "/decisions/{decision_id}/receipt",
    permission="decision.read",
    summary=Sentence("The receipt that the decision can be derived from again", "可复算的匹配回执"),
    shows=schemas.Receipt,
)
async def get_receipt(asked: Asked) -> pb.Decision:
    return await _decision(asked)


async def _decision(asked: Asked) -> pb.Decision:
    request = pb.GetDecisionRequest(**asked.path)
    return (await asked.call(asked.services.suitability.GetDecision, request)).decision
