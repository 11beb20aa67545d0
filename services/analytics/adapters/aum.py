"""Assets under management by month and team, without gaps."""

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from services.analytics.adapters.reach import reached
from services.analytics.adapters.tables import MonthText, figures, teams
from services.analytics.adapters.terms import FIRST, LAST, in_period, of_team, sum_of
from services.analytics.domain.figures import AUM, CUSTOMERS, NET_SUBSCRIPTIONS

# What happened before the first month is folded into it.
FOLDED = sa.func.greatest(figures.c.month, FIRST)
CHANGES = (
    sa.select(
        FOLDED.label("month"),
        figures.c.team_id,
        sum_of(figures, AUM).label("aum"),
        sum_of(figures, CUSTOMERS).label("customers"),
        sum_of(figures, NET_SUBSCRIPTIONS, in_period(figures)).label("net_subscriptions"),
    )
    .where(
        figures.c.measure.in_([AUM, CUSTOMERS, NET_SUBSCRIPTIONS]),
        figures.c.month <= LAST,
        of_team(figures.c.team_id),
        reached(figures.c.adviser_id, figures.c.team_id),
    )
    .group_by(FOLDED, figures.c.team_id)
    .cte("changes")
)
MONTHS = sa.select(sa.func.unnest(sa.bindparam("months", type_=ARRAY(sa.Text))).label("month")).cte(
    "months"
)
TEAMS = sa.select(CHANGES.c.team_id).distinct().cte("teams_with_assets")


def so_far(change: sa.ColumnElement[Decimal]) -> sa.ColumnElement[Decimal]:
    """The changes up to each month, added up: a month without one carries the last sum."""
    known = sa.func.coalesce(change, 0)
    return sa.func.sum(known).over(partition_by=TEAMS.c.team_id, order_by=MONTHS.c.month)


AUM_BY_MONTH = (
    sa.select(
        sa.type_coerce(MONTHS.c.month, MonthText).label("month"),
        TEAMS.c.team_id,
        sa.func.coalesce(teams.c.name, "").label("team_name"),
        so_far(CHANGES.c.aum).label("aum"),
        so_far(CHANGES.c.customers).label("customers"),
        sa.func.coalesce(CHANGES.c.net_subscriptions, 0).label("net_subscriptions"),
    )
    .select_from(MONTHS)
    .join(TEAMS, sa.true())
    .outerjoin(
        CHANGES,
        sa.and_(CHANGES.c.month == MONTHS.c.month, CHANGES.c.team_id == TEAMS.c.team_id),
    )
    .outerjoin(teams, teams.c.team_id == TEAMS.c.team_id)
    .order_by(MONTHS.c.month, TEAMS.c.team_id)
)

AUM_NOW = sa.select(sa.func.coalesce(sa.func.sum(figures.c.value), 0).label("aum")).where(
    figures.c.measure == AUM,
    of_team(figures.c.team_id),
    reached(figures.c.adviser_id, figures.c.team_id),
)
