"""/analytics: what management sees, from events alone."""

from gateway.operation import Asked, Routes
from gateway.schemas import analytics as schemas
from gateway.schemas.shown import Amount, Part, all_of, page_of
from gateway.sentences import Sentence
from liheng.analytics.v1 import analytics_pb2 as pb

analytics = Routes("analytics")


@analytics.get(
    "/analytics/aum",
    permission="analytics.read",
    summary=Sentence("Assets under management by month and team", "管理规模（按月、团队）"),
    query=schemas.MonthsAsked,
    shows=all_of(schemas.AumRow, "rows", total=Amount(), freshness=Part(schemas.Freshness)),
)
async def get_aum(asked: Asked) -> pb.GetAumResponse:
    request = pb.GetAumRequest(**asked.query)
    return await asked.call(asked.services.analytics.GetAum, request)


@analytics.get(
    "/analytics/funnel",
    permission="analytics.read",
    summary=Sentence("From lead to confirmed sale", "转化漏斗"),
    query=schemas.MonthsAsked,
    shows=all_of(schemas.FunnelStage, "stages", freshness=Part(schemas.Freshness)),
)
async def get_funnel(asked: Asked) -> pb.GetFunnelResponse:
    request = pb.GetFunnelRequest(**asked.query)
    return await asked.call(asked.services.analytics.GetFunnel, request)


@analytics.get(
    "/analytics/product-sales",
    permission="analytics.read",
    summary=Sentence("Sales by product, largest first", "产品销售"),
    query=schemas.ProductSalesAsked,
    shows=page_of(schemas.ProductSalesRow, "rows", freshness=Part(schemas.Freshness)),
)
async def get_product_sales(asked: Asked) -> pb.GetProductSalesResponse:
    request = pb.GetProductSalesRequest(**asked.query)
    return await asked.call(asked.services.analytics.GetProductSales, request)


@analytics.get(
    "/analytics/adviser-ranking",
    permission="analytics.read",
    summary=Sentence("Advisers by assets, sales or clients", "理财顾问排名"),
    query=schemas.RankingAsked,
    shows=page_of(schemas.AdviserRow, "rows", freshness=Part(schemas.Freshness)),
)
async def get_adviser_ranking(asked: Asked) -> pb.GetAdviserRankingResponse:
    request = pb.GetAdviserRankingRequest(**asked.query)
    return await asked.call(asked.services.analytics.GetAdviserRanking, request)
