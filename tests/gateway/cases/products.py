"""The catalogue."""

from liheng.product.v1 import product_pb2 as pb
from liheng.product.v1.events_pb2 import InsuranceTerms, ScriptNode
from tests.gateway.cases.case import NOON_STAMP, Case

FUND = pb.Product(
    product_id="P7001",
    name="稳健一号",
    kind="private_fund",
    effective_level="R3",
    minimum_amount="1000000.00",
    script=[ScriptNode(node_id="identity", title_zh="身份", answer_required=True)],
    version=4,
    updated_at=NOON_STAMP,
)

CASES = [
    Case(
        operation="list_products",
        path="/products",
        role="adviser",
        query={"kind": "private_fund", "level": "R3", "sort": "-minimum_amount", "q": "稳健"},
        rpc="ListProducts",
        request=pb.ListProductsRequest(
            kind="private_fund", level="R3", sort="-minimum_amount", q="稳健"
        ),
        answer=pb.ListProductsResponse(products=[FUND], next_cursor="x"),
    ),
    Case(
        operation="get_product",
        path="/products/P7001",
        role="adviser",
        rpc="GetProduct",
        request=pb.GetProductRequest(product_id="P7001"),
        answer=pb.GetProductResponse(product=FUND, ratings=[pb.Rating(rated_by="s-1")]),
    ),
    Case(
        operation="put_product",
        path="/products/P9",
        role="operations",
        json={
            "name": "金满堂",
            "kind": "insurance",
            "issuer_level": "R2",
            "insurance": {"line": "life", "design": "participating", "term_years": 20},
            "script": [{"node_id": "risks", "title_zh": "风险", "say_zh": "本产品不保证收益"}],
        },
        headers={"If-Match": '"4"'},
        rpc="PutProduct",
        request=pb.PutProductRequest(
            product=pb.Product(
                product_id="P9",
                name="金满堂",
                kind="insurance",
                issuer_level="R2",
                insurance=InsuranceTerms(line="life", design="participating", term_years=20),
                script=[ScriptNode(node_id="risks", title_zh="风险", say_zh="本产品不保证收益")],
            ),
            expected_version=4,
        ),
        answer=pb.PutProductResponse(product=FUND),
        shows={"version": 4, "insurance": None},
    ),
    Case(
        operation="rate_product",
        path="/products/P7001/ratings",
        role="compliance",
        json={"seller_level": "R4", "reason": "波动加大"},
        rpc="RateProduct",
        request=pb.RateProductRequest(product_id="P7001", seller_level="R4", reason="波动加大"),
        answer=pb.RateProductResponse(product=FUND),
        status=201,
    ),
    Case(
        operation="publish_nav",
        path="/products/P7001/navs",
        role="operations",
        json={"nav": "1.0234", "as_of": "2026-11-20"},
        rpc="PublishNav",
        request=pb.PublishNavRequest(product_id="P7001", nav="1.0234", as_of="2026-11-20"),
        answer=pb.PublishNavResponse(product=FUND),
        status=201,
    ),
    Case(
        operation="list_navs",
        path="/products/P7001/navs",
        role="adviser",
        rpc="ListNav",
        request=pb.ListNavRequest(product_id="P7001"),
        answer=pb.ListNavResponse(points=[pb.NavPoint(as_of="2026-11-20", nav="1.0234")]),
        shows={"items": [{"as_of": "2026-11-20", "nav": "1.0234"}], "next": None},
    ),
]
