"""AnalyticsService over gRPC."""

from typing import Protocol
from zoneinfo import ZoneInfo

import grpc

from chassis.clock import Clock
from chassis.paging import Page
from liheng.analytics.v1 import analytics_pb2 as pb
from liheng.analytics.v1 import analytics_pb2_grpc as rpc
from services.analytics.adapters.queries import AnalyticsQueries, Scope
from services.analytics.domain.month import Month
from services.analytics.entrypoints.reading import read_measure, read_scope
from services.analytics.entrypoints.writing import (
    adviser_message,
    aum_message,
    freshness_message,
    money,
    product_message,
    stage_messages,
)


class PeriodRequest(Protocol):
    """What every question has in common."""

    from_month: str
    to_month: str
    team_id: str


class AnalyticsServicer(rpc.AnalyticsServiceServicer):
    def __init__(self, queries: AnalyticsQueries, clock: Clock, zone: ZoneInfo) -> None:
        self._queries = queries
        self._clock = clock
        self._zone = zone

    def GetAum(self, request: pb.GetAumRequest, context: grpc.ServicerContext) -> pb.GetAumResponse:
        scope = self._scope(request)
        return pb.GetAumResponse(
            rows=map(aum_message, self._queries.aum(scope)),
            total=money(self._queries.aum_now(scope.team_id)),
            freshness=self._freshness(),
        )

    def GetFunnel(
        self, request: pb.GetFunnelRequest, context: grpc.ServicerContext
    ) -> pb.GetFunnelResponse:
        return pb.GetFunnelResponse(
            stages=stage_messages(self._queries.funnel(self._scope(request))),
            freshness=self._freshness(),
        )

    def GetProductSales(
        self, request: pb.GetProductSalesRequest, context: grpc.ServicerContext
    ) -> pb.GetProductSalesResponse:
        page = Page.asked(request.limit, request.cursor)
        rows, following = self._queries.product_sales(self._scope(request), page)
        return pb.GetProductSalesResponse(
            rows=map(product_message, rows), next_cursor=following, freshness=self._freshness()
        )

    def GetAdviserRanking(
        self, request: pb.GetAdviserRankingRequest, context: grpc.ServicerContext
    ) -> pb.GetAdviserRankingResponse:
        page = Page.asked(request.limit, request.cursor)
        measure = read_measure(request.by)
        rows, following = self._queries.advisers(self._scope(request), measure, page)
        return pb.GetAdviserRankingResponse(
            rows=map(adviser_message, rows), next_cursor=following, freshness=self._freshness()
        )

    def _scope(self, request: PeriodRequest) -> Scope:
        current = Month.of(self._clock().astimezone(self._zone).date())
        return read_scope(request.from_month, request.to_month, request.team_id, current=current)

    def _freshness(self) -> pb.Freshness:
        return freshness_message(self._queries.freshness())
