"""Which figures and advisers a caller may see, as terms of the dashboards' statements."""

from typing import Any

import sqlalchemy as sa

from chassis.scope import Reach, Scope
from services.analytics.adapters.tables import teams

REACH = sa.bindparam("reach", type_=sa.Text())
OWN = sa.bindparam("own_staff_id", type_=sa.Text())
OWN_TEAM = sa.bindparam("own_team_id", type_=sa.Text())
OWN_BRANCH = sa.bindparam("own_branch_id", type_=sa.Text())
BRANCH_TEAMS = sa.select(teams.c.team_id).where(teams.c.branch_id == OWN_BRANCH)


def reached(
    adviser_id: sa.ColumnElement[str], team_id: sa.ColumnElement[str]
) -> sa.ColumnElement[bool]:
    """What belongs to nobody, or to no team, is for the whole institution only."""
    return sa.or_(
        _is(Reach.INSTITUTION),
        sa.and_(_is(Reach.OWN), OWN != "", adviser_id == OWN),
        sa.and_(_is(Reach.TEAM), OWN_TEAM != "", team_id == OWN_TEAM),
        sa.and_(_is(Reach.BRANCH), OWN_BRANCH != "", team_id.in_(BRANCH_TEAMS)),
    )


def _is(reach: Reach) -> sa.ColumnElement[bool]:
    return sa.literal(reach.value) == REACH


def parameters(scope: Scope) -> dict[str, Any]:
    return {
        "reach": scope.reach.value,
        "own_staff_id": scope.staff_id,
        "own_team_id": scope.team_id,
        "own_branch_id": scope.branch_id,
    }
