"""Grants of access in PostgreSQL, and the shares that scopes are made of."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.errors import NotFound
from chassis.scope import EVERYTHING, Scope
from services.customer.adapters.scoping import grant_seen
from services.customer.adapters.tables import access_grants as grants
from services.customer.adapters.tables import shares
from services.customer.domain.grant import Grant, Opened, Purpose, Span


class SqlGrants:
    def __init__(self, session: Session, scope: Scope = EVERYTHING) -> None:
        self._session = session
        self._seen = grant_seen(scope)

    def get(self, grant_id: str) -> Grant:
        asked = sa.select(grants).where(grants.c.grant_id == grant_id, self._seen)
        row = self._session.execute(asked.with_for_update()).one_or_none()
        if row is None:
            raise no_such_grant()
        return to_grant(row)

    def add(self, grant: Grant) -> None:
        self._session.execute(grants.insert().values(grant_values(grant)))
        self._share(grant)

    def save(self, grant: Grant) -> None:
        here = grants.c.grant_id == grant.grant_id
        self._session.execute(grants.update().where(here).values(grant_values(grant)))
        self._share(grant)

    def active(self, staff_id: str, opened: Collection[Opened], at: datetime) -> Sequence[Grant]:
        of_any = sa.tuple_(grants.c.customer_id, grants.c.adviser_id).in_(
            [(each.customer_id, each.adviser_id) for each in opened]
        )
        asked = sa.select(grants).where(grants.c.staff_id == staff_id, of_any, active_at(at))
        return [to_grant(row) for row in self._session.execute(asked)]

    def _share(self, grant: Grant) -> None:
        put = insert(shares).values(share_values(grant))
        new = {"valid_until": put.excluded.valid_until}
        self._session.execute(put.on_conflict_do_update(index_elements=["share_id"], set_=new))


def active_at(at: datetime) -> sa.ColumnElement[bool]:
    """As Grant.active_at says of one."""
    return sa.and_(
        grants.c.ended_at.is_(None), grants.c.valid_from <= at, grants.c.valid_until > at
    )


def to_grant(row: sa.Row[Any]) -> Grant:
    return Grant(
        grant_id=row.grant_id,
        staff_id=row.staff_id,
        opened=Opened(row.customer_id, row.adviser_id),
        purpose=Purpose(row.purpose),
        span=Span(row.valid_from, row.valid_until),
        granted_by=row.granted_by,
        granted_at=row.granted_at,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
    )


def grant_values(grant: Grant) -> dict[str, Any]:
    return {
        "grant_id": grant.grant_id,
        "staff_id": grant.staff_id,
        **asdict(grant.opened),
        "purpose": grant.purpose,
        **asdict(grant.span),
        "granted_by": grant.granted_by,
        "granted_at": grant.granted_at,
        "ended_by": grant.ended_by,
        "ended_at": grant.ended_at,
    }


def share_values(grant: Grant) -> dict[str, Any]:
    return {
        "share_id": grant.grant_id,
        "staff_id": grant.staff_id,
        "subject_id": grant.opened.customer_id,
        "owner_id": grant.opened.adviser_id,
        "purpose": grant.purpose,
        "valid_from": grant.span.valid_from,
        "valid_until": grant.ended_at or grant.span.valid_until,
        "sequence": 0,
    }


def no_such_grant() -> NotFound:
    return NotFound("no_such_grant", "there is no such grant of access", "没有这项临时授权")
