"""Advisers, the best first."""

import sqlalchemy as sa

from services.analytics.adapters.reach import reached
from services.analytics.adapters.tables import figures, staff, teams
from services.analytics.adapters.terms import in_period, of_team, sum_of
from services.analytics.domain.figures import AUM, CUSTOMERS
from services.analytics.domain.journey import Stage

SALES, AMOUNT = Stage.SALE_CONFIRMED.value, Stage.SALE_CONFIRMED.amount
RANKED_BY = {"aum": "aum", "sales": "sales_amount", "customers": "customers"}

ACHIEVED = (
    sa.select(
        figures.c.adviser_id,
        sum_of(figures, AUM).label("aum"),
        sum_of(figures, CUSTOMERS).label("customers"),
        sum_of(figures, SALES, in_period(figures)).label("sales"),
        sum_of(figures, AMOUNT, in_period(figures)).label("sales_amount"),
    )
    .where(
        figures.c.measure.in_([AUM, CUSTOMERS, SALES, AMOUNT]),
        figures.c.adviser_id != "",
        reached(figures.c.adviser_id, figures.c.team_id),
    )
    .group_by(figures.c.adviser_id)
    .cte("achieved")
)
ADVISERS = sa.union(
    sa.select(ACHIEVED.c.adviser_id),
    sa.select(staff.c.staff_id).where(staff.c.advises),
).subquery("advisers")


def ranking(by: str) -> sa.Subquery:
    """Everybody in reach who advises or did, ranked among themselves; equals share a rank."""
    team_id = sa.func.coalesce(staff.c.team_id, "")
    columns = {
        name: sa.func.coalesce(ACHIEVED.c[name], 0)
        for name in ("aum", "customers", "sales", "sales_amount")
    }
    ranked_by = columns[RANKED_BY[by]]
    return (
        sa.select(
            sa.func.rank().over(order_by=ranked_by.desc()).label("rank"),
            ranked_by.label("ranked_by"),
            ADVISERS.c.adviser_id,
            sa.func.coalesce(staff.c.name, "").label("adviser_name"),
            team_id.label("team_id"),
            sa.func.coalesce(teams.c.name, "").label("team_name"),
            *(column.label(name) for name, column in columns.items()),
        )
        .select_from(ADVISERS)
        .outerjoin(ACHIEVED, ACHIEVED.c.adviser_id == ADVISERS.c.adviser_id)
        .outerjoin(staff, staff.c.staff_id == ADVISERS.c.adviser_id)
        .outerjoin(teams, teams.c.team_id == staff.c.team_id)
        .where(of_team(team_id), reached(ADVISERS.c.adviser_id, team_id))
        .subquery(f"ranked_by_{by}")
    )
