"""Dashboards."""

from liheng.analytics.v1 import analytics_pb2 as pb
from tests.gateway.cases.case import NOON_SHOWN, NOON_STAMP, Case

FRESH = pb.Freshness(last_event_at=NOON_STAMP, events_applied=2**40)

CASES = [
    Case(
        operation="get_aum",
        path="/analytics/aum",
        role="management",
        query={"from_month": "2026-01", "to_month": "2026-11", "team_id": "t-1"},
        rpc="GetAum",
        request=pb.GetAumRequest(from_month="2026-01", to_month="2026-11", team_id="t-1"),
        answer=pb.GetAumResponse(
            rows=[pb.AumRow(month="2026-11", aum="5.00", customers=3)], total="5.00"
        ),
        shows={"total": "5.00", "freshness": None},
    ),
    Case(
        operation="get_funnel",
        path="/analytics/funnel",
        role="management",
        rpc="GetFunnel",
        request=pb.GetFunnelRequest(),
        answer=pb.GetFunnelResponse(
            stages=[pb.FunnelStage(stage="lead_created", count=9)], freshness=FRESH
        ),
        shows={"freshness": {"last_event_at": NOON_SHOWN, "events_applied": 2**40}},
    ),
    Case(
        operation="get_product_sales",
        path="/analytics/product-sales",
        role="branch_manager",
        query={"limit": "5"},
        rpc="GetProductSales",
        request=pb.GetProductSalesRequest(limit=5),
        answer=pb.GetProductSalesResponse(rows=[pb.ProductSalesRow(product_id="P1")]),
    ),
    Case(
        operation="get_adviser_ranking",
        path="/analytics/adviser-ranking",
        role="management",
        query={"by": "sales"},
        rpc="GetAdviserRanking",
        request=pb.GetAdviserRankingRequest(by="sales"),
        answer=pb.GetAdviserRankingResponse(rows=[pb.AdviserRow(rank=1, adviser_id="s-1")]),
    ),
]
