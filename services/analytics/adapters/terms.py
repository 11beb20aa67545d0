"""The terms that the dashboards' statements are made of."""

from decimal import Decimal

import sqlalchemy as sa

from services.analytics.adapters.tables import Money, MonthText

FIRST = sa.bindparam("first", type_=MonthText())
LAST = sa.bindparam("last", type_=MonthText())
TEAM = sa.bindparam("team_id", type_=sa.Text())


def in_period(figures: sa.FromClause) -> sa.ColumnElement[bool]:
    return figures.c.month.between(FIRST, LAST)


def of_team(team_id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """An empty team means all of them."""
    return sa.or_(TEAM == "", team_id == TEAM)


def sum_of(
    figures: sa.FromClause, measure: str, *also: sa.ColumnElement[bool]
) -> sa.ColumnElement[Decimal]:
    wanted = sa.and_(figures.c.measure == measure, *also)
    return sa.func.sum(sa.case((wanted, figures.c.value), else_=sa.literal(0, Money)))
