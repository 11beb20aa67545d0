"""What is answered before anything was told, and to questions that cannot be read."""

from typing import Any
from unittest.mock import Mock

import pytest

from chassis.errors import Invalid
from liheng.analytics.v1 import analytics_pb2 as pb
from services.analytics.entrypoints.rpc import AnalyticsServicer

CONTEXT = Mock()


def test_nothing_was_told_yet(service: AnalyticsServicer) -> None:
    empty = service.GetAum(pb.GetAumRequest(), CONTEXT)
    funnel = service.GetFunnel(pb.GetFunnelRequest(), CONTEXT)

    assert list(empty.rows) == []
    assert empty.total == "0.00"
    assert empty.freshness.events_applied == 0
    assert not empty.freshness.HasField("last_event_at")
    assert [stage.count for stage in funnel.stages] == [0] * 12
    assert list(service.GetProductSales(pb.GetProductSalesRequest(), CONTEXT).rows) == []
    assert list(service.GetAdviserRanking(pb.GetAdviserRankingRequest(), CONTEXT).rows) == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from_month": "2026-13"}, "from_month"),
        ({"to_month": "soon"}, "to_month"),
        ({"from_month": "2026-11", "to_month": "2026-10"}, "from_month"),
        ({"from_month": "1990-01"}, "from_month"),
        ({"team_id": "a b"}, "team_id"),
        ({"by": "looks"}, "by"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"limit": 201}, "limit"),
    ],
)
def test_what_cannot_be_read_is_refused(
    service: AnalyticsServicer, asked: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        service.GetAdviserRanking(pb.GetAdviserRankingRequest(**asked), CONTEXT)

    assert refused.value.field == field
