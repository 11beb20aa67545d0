"""Every dashboard is the sum of what its reader may see, and tells nothing of the rest."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unittest.mock import Mock

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.identity import Caller, set_caller
from chassis.scope import Reach
from liheng.analytics.v1 import analytics_pb2 as pb
from services.analytics.adapters.tables import figures, staff, teams
from services.analytics.domain.figures import AUM, CUSTOMERS
from services.analytics.domain.journey import Stage
from services.analytics.domain.month import Month
from services.analytics.entrypoints.rpc import AnalyticsServicer
from tests.analytics.bus import Listener
from tests.analytics.examples import member
from tests.analytics.integration.conftest import empty

CONTEXT = Mock()
NOW = Month(2026, 11)
BRANCHES = {"t-1": "b-1", "t-2": "b-1", "t-3": "b-2", "": ""}
ADVISERS = {"s-1": "t-1", "s-2": "t-1", "s-3": "t-2", "s-4": "t-3", "s-5": ""}
SALES, AMOUNT = Stage.SALE_CONFIRMED.value, Stage.SALE_CONFIRMED.amount


@dataclass(frozen=True)
class Counted:
    """One figure of each kind, where it was counted."""

    adviser_id: str
    team_id: str
    product_id: str
    aum: int
    sales: int


counted = st.builds(
    Counted,
    adviser_id=st.sampled_from(["", *ADVISERS]),
    team_id=st.sampled_from(list(BRANCHES)),
    product_id=st.sampled_from(["P1", "P2"]),
    aum=st.integers(1, 9),
    sales=st.integers(1, 9),
)
world = st.lists(counted, max_size=9, unique_by=lambda one: (one.adviser_id, one.team_id))
callers = st.builds(
    Caller,
    staff_id=st.sampled_from(list(ADVISERS)),
    team_id=st.sampled_from(list(BRANCHES)),
    branch_id=st.sampled_from(["", "b-1", "b-2", "b-3"]),
    reach=st.sampled_from(list(Reach)),
)
every_example = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def reaches(who: Caller, adviser_id: str, team_id: str) -> bool:
    return {
        Reach.NONE: False,
        Reach.OWN: adviser_id == who.staff_id,
        Reach.TEAM: team_id == who.team_id != "",
        Reach.BRANCH: BRANCHES[team_id] == who.branch_id != "",
        Reach.INSTITUTION: True,
    }[who.reach]


@pytest.fixture
def fill(database: sa.Engine) -> Callable[[Iterable[Counted]], None]:
    def filled(rows: Iterable[Counted]) -> None:
        empty(database)
        with database.begin() as connection:
            connection.execute(teams.insert(), team_rows())
            connection.execute(staff.insert(), staff_rows())
            if values := [value for row in rows for value in figure_rows(row)]:
                connection.execute(figures.insert(), values)

    return filled


def team_rows() -> list[dict[str, Any]]:
    return [
        {"team_id": team_id, "name": f"Team {team_id}", "branch_id": branch_id, "sequence": 1}
        for team_id, branch_id in BRANCHES.items()
        if team_id
    ]


def staff_rows() -> list[dict[str, Any]]:
    return [
        {"staff_id": name, "name": name, "team_id": team_id, "advises": True, "sequence": 1}
        for name, team_id in ADVISERS.items()
    ]


def figure_rows(row: Counted) -> list[dict[str, Any]]:
    values = {AUM: row.aum, CUSTOMERS: 1, SALES: row.sales, AMOUNT: row.sales * 10}
    where = {"adviser_id": row.adviser_id, "team_id": row.team_id, "product_id": row.product_id}
    return [where | {"month": NOW, "measure": m, "value": v} for m, v in values.items()]


@every_example
@given(rows=world, who=callers)
def test_sums_are_those_of_what_is_seen(
    fill: Callable[[Iterable[Counted]], None],
    service: AnalyticsServicer,
    rows: list[Counted],
    who: Caller,
) -> None:
    fill(rows)
    set_caller(who)
    seen = [row for row in rows if reaches(who, row.adviser_id, row.team_id)]

    aum = service.GetAum(pb.GetAumRequest(from_month="2026-11"), CONTEXT)
    funnel = service.GetFunnel(pb.GetFunnelRequest(), CONTEXT)
    products = service.GetProductSales(pb.GetProductSalesRequest(), CONTEXT)

    assert Decimal(aum.total) == sum(row.aum for row in seen)
    assert {row.team_id for row in aum.rows} == {row.team_id for row in seen}
    assert sum(row.customers for row in aum.rows) == len(seen)
    assert funnel.stages[list(Stage).index(Stage.SALE_CONFIRMED)].count == sum(
        row.sales for row in seen
    )
    assert {row.product_id for row in products.rows} == {row.product_id for row in seen}
    assert sum(Decimal(row.amount) for row in products.rows) == sum(r.sales * 10 for r in seen)


@every_example
@given(rows=world, who=callers, by=st.sampled_from(["aum", "sales", "customers"]))
def test_who_is_in_reach_is_ranked_among_themselves(
    fill: Callable[[Iterable[Counted]], None],
    service: AnalyticsServicer,
    rows: list[Counted],
    who: Caller,
    by: str,
) -> None:
    fill(rows)
    set_caller(who)
    seen = [row for row in rows if reaches(who, row.adviser_id, row.team_id)]
    expected = {name: 0 for name, team_id in ADVISERS.items() if reaches(who, name, team_id)}
    for row in seen:
        if row.adviser_id in expected:
            expected[row.adviser_id] += row.aum

    ranked = service.GetAdviserRanking(pb.GetAdviserRankingRequest(by=by), CONTEXT).rows

    assert {row.adviser_id: Decimal(row.aum) for row in ranked} == expected
    assert [row.rank for row in ranked[:1]] == [1] * bool(ranked)


@every_example
@given(rows=world, who=callers, team_id=st.sampled_from(["t-1", "t-2", "t-3"]))
def test_a_team_out_of_reach_is_as_one_that_does_not_exist(
    fill: Callable[[Iterable[Counted]], None],
    service: AnalyticsServicer,
    rows: list[Counted],
    who: Caller,
    team_id: str,
) -> None:
    fill(row for row in rows if not reaches(who, row.adviser_id, row.team_id))
    set_caller(who)

    def said(team_id: str) -> tuple[object, ...]:
        return (
            service.GetAum(pb.GetAumRequest(team_id=team_id), CONTEXT),
            service.GetFunnel(pb.GetFunnelRequest(team_id=team_id), CONTEXT),
            service.GetProductSales(pb.GetProductSalesRequest(team_id=team_id), CONTEXT),
        )

    assert said(team_id) == said("t-unknown")


def test_only_who_sees_the_institution_is_told_how_fresh_an_answer_is(
    service: AnalyticsServicer, listener: Listener
) -> None:
    listener.hear(member("s-1", "Ann", "t-1", "North"))

    whole = service.GetFunnel(pb.GetFunnelRequest(), CONTEXT)
    set_caller(Caller("s-1", team_id="t-1", branch_id="b-1", reach=Reach.BRANCH))
    part = service.GetFunnel(pb.GetFunnelRequest(), CONTEXT)

    assert whole.freshness.events_applied == 1
    assert not part.HasField("freshness")


def test_the_branch_of_a_team_is_what_was_said_last(
    service: AnalyticsServicer, listener: Listener
) -> None:
    told = member("s-1", "Ann", "t-1", "North")
    told.branch_id = "b-1"
    listener.hear(told)

    def ranked(branch_id: str) -> int:
        set_caller(Caller("s-m", branch_id=branch_id, reach=Reach.BRANCH))
        return len(service.GetAdviserRanking(pb.GetAdviserRankingRequest(), CONTEXT).rows)

    assert (ranked("b-1"), ranked("b-2")) == (1, 0)
    told.branch_id = "b-2"
    listener.hear(told)
    assert (ranked("b-1"), ranked("b-2")) == (0, 1)
