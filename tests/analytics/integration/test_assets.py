"""Assets by month and team, after events were told."""

from datetime import UTC, datetime
from unittest.mock import Mock

from chassis.moments import moment, stamp
from liheng.analytics.v1 import analytics_pb2 as pb
from liheng.customer.v1 import events_pb2 as customer
from services.analytics.entrypoints.rpc import AnalyticsServicer
from tests.analytics.bus import NOON, Listener
from tests.analytics.examples import (
    ANN,
    BEN,
    FEBRUARY,
    NOVEMBER_2025,
    bought,
    confirmed,
    holdings,
    member,
)

CONTEXT = Mock()


def aum(service: AnalyticsServicer, **asked: str) -> pb.GetAumResponse:
    return service.GetAum(pb.GetAumRequest(**asked), CONTEXT)


def test_assets_stand_at_each_month_end_without_gaps(
    service: AnalyticsServicer, listener: Listener
) -> None:
    listener.hear(
        holdings("c-1", ANN, NOVEMBER_2025, P1="100.10"),
        holdings("c-1", ANN, FEBRUARY, P1="70.05", P2="0.01"),
        member("s-ann", "Ann", "t-north", "North"),
    )

    rows = aum(service, from_month="2025-10", to_month="2026-03").rows

    assert [(row.month, row.aum, row.customers) for row in rows] == [
        ("2025-10", "0.00", 0),
        ("2025-11", "100.10", 1),
        ("2025-12", "100.10", 1),
        ("2026-01", "100.10", 1),
        ("2026-02", "70.06", 1),
        ("2026-03", "70.06", 1),
    ]
    assert {row.team_name for row in rows} == {"North"}


def test_what_happened_before_the_first_month_still_stands_in_it(
    service: AnalyticsServicer, listener: Listener
) -> None:
    listener.hear(holdings("c-1", ANN, NOVEMBER_2025, P1="100.00"), bought("x-1", "2025-11-10"))

    rows = aum(service, from_month="2026-01", to_month="2026-02").rows

    assert [(row.aum, row.net_subscriptions) for row in rows] == [("100.00", "0.00")] * 2


def test_the_last_twelve_months_are_usual_and_the_future_is_left_out(
    service: AnalyticsServicer, listener: Listener
) -> None:
    listener.hear(holdings("c-1", ANN, P1="1"))

    usual = aum(service).rows
    coming = aum(service, from_month="2026-11", to_month="2027-03").rows

    assert [usual[0].month, usual[-1].month, len(usual)] == ["2025-12", "2026-11", 12]
    assert [row.month for row in coming] == ["2026-11"]


def test_a_month_ends_at_midnight_in_the_institutions_zone(
    service: AnalyticsServicer, listener: Listener
) -> None:
    listener.hear(holdings("c-1", ANN, datetime(2026, 10, 31, 16, tzinfo=UTC), P1="1.00"))

    rows = aum(service, from_month="2026-10").rows

    assert [(row.month, row.aum) for row in rows] == [("2026-10", "0.00"), ("2026-11", "1.00")]


def test_teams_are_told_apart_and_one_can_be_asked_for(
    service: AnalyticsServicer, listener: Listener
) -> None:
    listener.hear(
        holdings("c-1", ANN, FEBRUARY, P1="100.00"),
        holdings("c-2", BEN, FEBRUARY, P1="30.00"),
        customer.AdviserChanged(customer_id="c-1", at=stamp(NOON), **BEN),
    )

    rows = aum(service, from_month="2026-10").rows
    south = aum(service, from_month="2026-10", team_id="t-south")

    assert [(row.month, row.team_id, row.aum) for row in rows] == [
        ("2026-10", "t-north", "100.00"),
        ("2026-10", "t-south", "30.00"),
        ("2026-11", "t-north", "0.00"),
        ("2026-11", "t-south", "130.00"),
    ]
    assert [row.aum for row in south.rows] == ["30.00", "130.00"]
    assert south.total == "130.00"
    assert list(aum(service, team_id="t-unheard-of").rows) == []
    assert rows[0].team_name == ""


def test_a_confirmed_sale_is_a_subscription_only_once(
    service: AnalyticsServicer, listener: Listener
) -> None:
    listener.hear(confirmed("d-1", ANN, "1000000.00"), bought("d-1", "2026-11-21", "1000000.00"))
    listener.hear(
        bought("x-1", "2026-11-21", "500.00"), bought("x-2", "2026-11-22", "20.50", "redeem")
    )

    rows = aum(service, from_month="2026-11").rows

    assert [row.net_subscriptions for row in rows] == ["1000479.50"]


def test_an_answer_says_how_fresh_it_is(service: AnalyticsServicer, listener: Listener) -> None:
    listener.hear(holdings("c-1", ANN, NOON), holdings("c-1", ANN, FEBRUARY))

    freshness = aum(service).freshness

    assert freshness.events_applied == 2
    assert moment(freshness.last_event_at) == NOON
