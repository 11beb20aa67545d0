"""Deliveries in the gateway's database. Every function works in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.paging import Order, Page
from gateway.store.tables import webhooks

ENDPOINTS, DELIVERIES, ATTEMPTS = webhooks.endpoints, webhooks.deliveries, webhooks.attempts
NEWEST_FIRST = Order((DELIVERIES.c.created_at, DELIVERIES.c.delivery_id), descending=True)

Row = sa.Row[Any]


@dataclass(frozen=True)
class Event:
    """What is to be delivered to everybody who wants it."""

    event_id: str
    type: str
    body: str


@dataclass(frozen=True, kw_only=True)
class DeliveryFilter:
    webhook_id: str
    delivery_id: str = ""
    state: str = ""
    type: str = ""
    event_id: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def narrow(self, statement: Any) -> Any:
        for name in ("webhook_id", "delivery_id", "state", "type", "event_id"):
            if value := getattr(self, name):
                statement = statement.where(DELIVERIES.c[name] == value)
        if self.since:
            statement = statement.where(DELIVERIES.c.created_at >= self.since)
        if self.until:
            statement = statement.where(DELIVERIES.c.created_at < self.until)
        return statement


def take_in(connection: sa.Connection, events: Sequence[Event], at: datetime) -> None:
    """One delivery for each endpoint that wants it; an event that comes again changes nothing."""
    wanted = sa.select(ENDPOINTS.c.webhook_id, ENDPOINTS.c.types)
    endpoints = connection.execute(wanted.where(ENDPOINTS.c.state == "enabled")).all()
    rows = [
        values(webhook_id, event, at)
        for event in events
        for webhook_id, types in endpoints
        if event.type in types
    ]
    if rows:
        put = insert(DELIVERIES).on_conflict_do_nothing(constraint="webhook_deliveries_once")
        connection.execute(put, rows)


def add(connection: sa.Connection, webhook_id: str, event: Event, at: datetime) -> Row:
    put = sa.insert(DELIVERIES).values(values(webhook_id, event, at)).returning(DELIVERIES)
    return connection.execute(put).one()


def values(webhook_id: str, event: Event, at: datetime) -> dict[str, object]:
    return {
        "delivery_id": new_id(),
        "webhook_id": webhook_id,
        **vars(event),
        "state": "pending",
        "attempts": 0,
        "due_at": at,
        "created_at": at,
    }


def get(connection: sa.Connection, webhook_id: str, delivery_id: str) -> Row:
    found = sa.select(DELIVERIES).where(
        DELIVERIES.c.webhook_id == webhook_id, DELIVERIES.c.delivery_id == delivery_id
    )
    row = connection.execute(found).one_or_none()
    if row is None:
        raise NotFound("no_such_delivery", "there is no such delivery", "没有这次投递")
    return row


def attempts_of(connection: sa.Connection, delivery_id: str) -> Sequence[Row]:
    found = sa.select(ATTEMPTS).where(ATTEMPTS.c.delivery_id == delivery_id)
    return connection.execute(found.order_by(ATTEMPTS.c.at)).all()


def page(
    connection: sa.Connection, wanted: DeliveryFilter, asked: Page
) -> tuple[Sequence[Row], str]:
    statement = wanted.narrow(sa.select(DELIVERIES))
    return NEWEST_FIRST.cut(connection.execute(NEWEST_FIRST.page(statement, asked)).all(), asked)


def replay(connection: sa.Connection, wanted: DeliveryFilter, at: datetime) -> int:
    """Again, under the same webhook-id; those under way are left alone."""
    again = wanted.narrow(sa.update(DELIVERIES)).where(DELIVERIES.c.state != "pending")
    result = connection.execute(again.values(state="pending", attempts=0, due_at=at))
    return int(result.rowcount)


def prune(connection: sa.Connection, before: datetime) -> int:
    """Forget what was settled before then."""
    old = sa.delete(DELIVERIES).where(
        DELIVERIES.c.state != "pending", DELIVERIES.c.created_at < before
    )
    return int(connection.execute(old).rowcount)
