"""Funnel, product sales and ranking, after events were told."""

from typing import Any
from unittest.mock import Mock

from chassis.moments import stamp
from liheng.analytics.v1 import analytics_pb2 as pb
from liheng.product.v1 import events_pb2 as product
from liheng.workflow.v1 import events_pb2 as workflow
from services.analytics.entrypoints.rpc import AnalyticsServicer
from tests.analytics.bus import NOON, Listener
from tests.analytics.examples import ANN, BEN, FEBRUARY, confirmed, holdings, member

CONTEXT = Mock()


def test_the_funnel_shows_shares_of_the_stage_before(
    service: AnalyticsServicer, listener: Listener
) -> None:
    for lead_id in ("l-1", "l-2", "l-3"):
        listener.hear(workflow.LeadCreated(lead_id=lead_id, at=stamp(NOON)))
    for lead_id in ("l-1", "l-2"):
        listener.hear(workflow.LeadAssigned(lead_id=lead_id, at=stamp(NOON), **ANN))
    sale: dict[str, Any] = {
        "sale_id": "d-1",
        "product_id": "P1",
        "amount": "10.01",
        "at": stamp(NOON),
        **ANN,
    }
    listener.hear(
        workflow.SaleDrafted(**sale),
        workflow.SaleMoved(state="decided", **sale),
        workflow.SaleMoved(state="callback", **sale),
        workflow.SaleRescinded(**sale),
    )

    stages = service.GetFunnel(pb.GetFunnelRequest(), CONTEXT).stages
    shown = {stage.stage: (stage.count, stage.amount, stage.from_previous) for stage in stages}

    assert shown["lead_created"] == (3, "0.00", "")
    assert shown["lead_assigned"] == (2, "0.00", "0.6667")
    assert shown["lead_qualified"] == (0, "0.00", "")
    assert shown["sale_decided"] == (1, "10.01", "1.0000")
    assert shown["sale_signed"] == (0, "0.00", "")
    assert shown["sale_rescinded"] == (1, "10.01", "")
    north = service.GetFunnel(pb.GetFunnelRequest(team_id="t-north"), CONTEXT).stages
    assert [stage.count for stage in north[:2]] == [2, 2]
    earlier = service.GetFunnel(pb.GetFunnelRequest(to_month="2026-10"), CONTEXT).stages
    assert {stage.count for stage in earlier} == {0}


def test_product_sales_come_by_amount_page_by_page(
    service: AnalyticsServicer, listener: Listener
) -> None:
    listener.hear(
        product.ProductListed(product_id="P1", name="Steady", kind="private_fund", at=stamp(NOON)),
        confirmed("d-1", ANN, "10.00"),
        confirmed("d-2", BEN, "10.01"),
        confirmed("d-3", BEN, "30.00", product_id="P2"),
        confirmed("d-4", BEN, "99.00", confirmed_on="2024-01-01"),
        workflow.SaleRescinded(
            sale_id="d-5", product_id="P1", amount="7.00", at=stamp(NOON), **ANN
        ),
    )

    first = service.GetProductSales(pb.GetProductSalesRequest(limit=1), CONTEXT)
    second = service.GetProductSales(
        pb.GetProductSalesRequest(limit=1, cursor=first.next_cursor), CONTEXT
    )

    assert [row.product_id for row in first.rows] == ["P2"]
    assert second.next_cursor == ""
    assert list(second.rows) == [
        pb.ProductSalesRow(
            product_id="P1",
            product_name="Steady",
            kind="private_fund",
            confirmed=2,
            amount="20.01",
            rescinded=1,
            rescinded_amount="7.00",
        )
    ]


def ranking(service: AnalyticsServicer, **asked: Any) -> pb.GetAdviserRankingResponse:
    return service.GetAdviserRanking(pb.GetAdviserRankingRequest(**asked), CONTEXT)


def test_advisers_are_ranked_by_what_was_asked_for(
    service: AnalyticsServicer, listener: Listener
) -> None:
    listener.hear(
        member("s-ann", "Ann", "t-north", "North"),
        member("s-new", "New", "t-north", "North"),
        holdings("c-1", ANN, FEBRUARY, P1="100.00"),
        holdings("c-2", BEN, FEBRUARY, P1="30.00"),
        holdings("c-3", BEN, FEBRUARY, P1="40.00"),
        confirmed("d-1", ANN, "5.00"),
        confirmed("d-2", BEN, "5.00"),
    )

    def order(**asked: str) -> list[tuple[int, str]]:
        return [(row.rank, row.adviser_id) for row in ranking(service, **asked).rows]

    assert order() == [(1, "s-ann"), (2, "s-ben"), (3, "s-new")]
    assert order(by="customers") == [(1, "s-ben"), (2, "s-ann"), (3, "s-new")]
    assert order(by="sales") == [(1, "s-ben"), (1, "s-ann"), (3, "s-new")]
    assert order(team_id="t-north") == [(1, "s-ann"), (2, "s-new")]
    assert ranking(service).rows[0] == pb.AdviserRow(
        rank=1,
        adviser_id="s-ann",
        adviser_name="Ann",
        team_id="t-north",
        team_name="North",
        aum="100.00",
        customers=1,
        sales=1,
        sales_amount="5.00",
    )


def test_the_ranking_is_paged_and_keeps_its_ranks(
    service: AnalyticsServicer, listener: Listener
) -> None:
    listener.hear(
        holdings("c-1", ANN, FEBRUARY, P1="30.00"), holdings("c-2", BEN, FEBRUARY, P1="30.00")
    )

    first = ranking(service, limit=1)
    second = ranking(service, limit=1, cursor=first.next_cursor)

    assert [(row.rank, row.adviser_id) for row in [*first.rows, *second.rows]] == [
        (1, "s-ben"),
        (1, "s-ann"),
    ]
