"""/marketing-checks: does a text say what marketing may not say?"""

from gateway.operation import Asked, Routes
from gateway.schemas import marketing as schemas
from gateway.sentences import Sentence
from liheng.suitability.v1 import suitability_pb2 as pb

marketing = Routes("suitability")


@marketing.post(
    "/marketing-checks",
    permission="marketing.check",
    summary=Sentence(
        "Words that marketing may not use: where, by which rule, and what to say instead",
        "检查营销用语：禁用词、位置、依据与改法",
    ),
    body=schemas.MarketingAsked,
    shows=schemas.MarketingChecked,
    example={"texts": ["本产品保本高收益"], "channel": "online", "product_kind": "public_fund"},
)
async def check_marketing(asked: Asked) -> pb.CheckMarketingResponse:
    request = pb.CheckMarketingRequest(**asked.body)
    return await asked.call(asked.services.suitability.CheckMarketing, request)
