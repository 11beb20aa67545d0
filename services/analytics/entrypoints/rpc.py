"""AnalyticsService over gRPC."""

from zoneinfo import ZoneInfo

import grpc

from chassis.clock import Clock
from chassis.identity import caller
from chassis.paging import Page
from chassis.scope import Reach
from liheng.analytics.v1 import analytics_pb2 as pb
from liheng.analytics.v1 import analytics_pb2_grpc as rpc
from services.analytics.adapters.queries import AnalyticsQueries, Question
from services.analytics.domain.month import Month
from services.analytics.entrypoints.reading import Period, read_measure, read_question
from services.analytics.entrypoints.writing import (
    adviser_message,
    aum_message,
    freshness_message,
    money,
    product_message,
    stage_messages,
)


class AnalyticsServicer(rpc.AnalyticsServiceServicer):
    def __init__(self, queries: AnalyticsQueries, clock: Clock, zone: ZoneInfo) -> None:
        self._queries = queries
        self._clock = clock
        self._zone = zone

    def GetAum(self, request: pb.GetAumRequest, context: grpc.ServicerContext) -> pb.GetAumResponse:
        asked = self._question(request)
        return pb.GetAumResponse(
            rows=map(aum_message, self._queries.aum(asked)),
            total=money(self._queries.aum_now(asked)),
            freshness=self._freshness(),
        )

    def GetFunnel(
        self, request: pb.GetFunnelRequest, context: grpc.ServicerContext
    ) -> pb.GetFunnelResponse:
        return pb.GetFunnelResponse(
            stages=stage_messages(self._queries.funnel(self._question(request))),
            freshness=self._freshness(),
        )

    def GetProductSales(
        self, request: pb.GetProductSalesRequest, context: grpc.ServicerContext
    ) -> pb.GetProductSalesResponse:
        page = Page.asked(request.limit, request.cursor)
        rows, following = self._queries.product_sales(self._question(request), page)
        return pb.GetProductSalesResponse(
            rows=map(product_message, rows), next_cursor=following, freshness=self._freshness()
        )

    def GetAdviserRanking(
        self, request: pb.GetAdviserRankingRequest, context: grpc.ServicerContext
    ) -> pb.GetAdviserRankingResponse:
        page = Page.asked(request.limit, request.cursor)
        measure = read_measure(request.by)
        rows, following = self._queries.advisers(self._question(request), measure, page)
        return pb.GetAdviserRankingResponse(
            rows=map(adviser_message, rows), next_cursor=following, freshness=self._freshness()
        )

    def _question(self, request: Period) -> Question:
        current = Month.of(self._clock().astimezone(self._zone).date())
        return read_question(request, caller(), current=current)

    def _freshness(self) -> pb.Freshness | None:
        """It counts everybody's events, so only whoever sees everybody may know it."""
        if caller().reach is not Reach.INSTITUTION:
            return None
        return freshness_message(self._queries.freshness())
