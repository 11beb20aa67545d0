"""What senders take from the database and bring back, several of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.trail import Entry
from chassis.trail.writing import write
from gateway.store.tables import webhooks
from gateway.webhooks import endpoints
from gateway.webhooks.posting import Answer
from gateway.webhooks.schedule import GIVEN_UP_AFTER, PAUSES, pause_after

ENDPOINTS, DELIVERIES, ATTEMPTS = webhooks.endpoints, webhooks.deliveries, webhooks.attempts
GONE = 410

Row = sa.Row[Any]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One delivery that nobody else tries before *leased_until*."""

    delivery_id: str
    webhook_id: str
    body: str
    attempts: int
    leased_until: datetime
    url: str
    secrets: tuple[bytes, ...] = field(repr=False)  # sealed; all that sign now


@dataclass(frozen=True, kw_only=True)
class Tried:
    claim: Claim
    answer: Answer
    at: datetime
    took: timedelta


def claim(
    connection: sa.Connection, busy: Sequence[str], most: int, at: datetime, lease: timedelta
) -> list[Claim]:
    """The next delivery of each endpoint that is not busy."""
    due = _due(busy, most, at)
    taken = (
        sa.update(DELIVERIES)
        .where(DELIVERIES.c.delivery_id.in_(due))
        .where(ENDPOINTS.c.webhook_id == DELIVERIES.c.webhook_id)
        .values(leased_until=at + lease)
        .returning(DELIVERIES, *(ENDPOINTS.c[name] for name in ("url", *SIGNING)))
    )
    return [_claimed(row, at) for row in connection.execute(taken)]


SIGNING = ("secret", "previous_secret", "previous_until")


def _due(busy: Sequence[str], most: int, at: datetime) -> sa.Select[Any]:
    endpoint, one = ENDPOINTS.alias(), DELIVERIES.alias()
    free = sa.or_(one.c.leased_until.is_(None), one.c.leased_until < at)
    theirs = sa.and_(one.c.webhook_id == endpoint.c.webhook_id, one.c.state == "pending")
    following = (
        sa.select(one.c.delivery_id)
        .where(theirs, one.c.due_at <= at, free)
        .order_by(one.c.due_at, one.c.delivery_id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .lateral()
    )
    enabled = sa.and_(endpoint.c.state == "enabled", endpoint.c.webhook_id.not_in(busy))
    joined = endpoint.join(following, sa.true())
    return sa.select(following.c.delivery_id).select_from(joined).where(enabled).limit(most)


def _claimed(row: Row, at: datetime) -> Claim:
    overlaps = row.previous_secret is not None and row.previous_until > at
    return Claim(
        delivery_id=row.delivery_id,
        webhook_id=row.webhook_id,
        body=row.body,
        attempts=row.attempts,
        leased_until=row.leased_until,
        url=row.url,
        secrets=(row.secret, row.previous_secret) if overlaps else (row.secret,),
    )


def settle(connection: sa.Connection, tried: Tried, pauses: tuple[timedelta, ...] = PAUSES) -> None:
    """Note the attempt, and what follows from it."""
    _note(connection, tried)
    if tried.answer.taken:
        _finish(connection, tried, {"state": "delivered"})
        _mark_failing(connection, tried.claim.webhook_id, None)
        return
    pause = pause_after(tried.claim.attempts + 1, pauses)
    again = pause is not None and tried.answer.status != GONE
    following: dict[str, object] = {"state": "failed"}
    if again and pause:
        following = {"due_at": tried.at + pause}
    _finish(connection, tried, following)
    _give_up_endpoint(connection, tried)


def _note(connection: sa.Connection, tried: Tried) -> None:
    values = {
        "delivery_id": tried.claim.delivery_id,
        "at": tried.at,
        "milliseconds": tried.took // timedelta(milliseconds=1),
        "status": tried.answer.status,
        "outcome": tried.answer.why,
    }
    there = sa.select(*(sa.literal(value).label(name) for name, value in values.items())).where(
        sa.exists().where(DELIVERIES.c.delivery_id == tried.claim.delivery_id)
    )
    connection.execute(sa.insert(ATTEMPTS).from_select(list(values), there))


def _finish(connection: sa.Connection, tried: Tried, values: dict[str, object]) -> None:
    """Unless the lease ran out and somebody else has it now."""
    mine = sa.and_(
        DELIVERIES.c.delivery_id == tried.claim.delivery_id,
        DELIVERIES.c.leased_until == tried.claim.leased_until,
    )
    done = {"attempts": tried.claim.attempts + 1, "leased_until": None, **values}
    connection.execute(sa.update(DELIVERIES).where(mine).values(done))


def _mark_failing(connection: sa.Connection, webhook_id: str, since: datetime | None) -> None:
    changed = sa.update(ENDPOINTS).where(ENDPOINTS.c.webhook_id == webhook_id)
    first = ENDPOINTS.c.failing_since.is_(None) if since else ENDPOINTS.c.failing_since.is_not(None)
    connection.execute(changed.where(first).values(failing_since=since))


def _give_up_endpoint(connection: sa.Connection, tried: Tried) -> None:
    """At once when it says that it is gone; else when it has taken nothing for days."""
    webhook_id = tried.claim.webhook_id
    _mark_failing(connection, webhook_id, tried.at)
    long_failing = ENDPOINTS.c.failing_since < tried.at - GIVEN_UP_AFTER
    gone = tried.answer.status == GONE
    found = sa.select(ENDPOINTS.c.webhook_id).where(
        ENDPOINTS.c.webhook_id == webhook_id,
        ENDPOINTS.c.state == "enabled",
        sa.true() if gone else long_failing,
    )
    if connection.execute(found).one_or_none() is not None:
        reason = "gone" if gone else "failing"
        endpoints.disable(connection, webhook_id, reason, tried.at)
        entry = Entry(action="webhook.disabled", subject=webhook_id, details={"reason": reason})
        write(connection, [entry])
