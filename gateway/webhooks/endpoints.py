"""Endpoints in the gateway's database. Every function works in the caller's transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from chassis.errors import Conflict, NotFound
from chassis.paging import Order, Page
from gateway.store.tables import webhooks

OVERLAP = timedelta(hours=24)  # in which the secret before signs as well
ENDPOINTS = webhooks.endpoints
NEWEST_FIRST = Order((ENDPOINTS.c.created_at, ENDPOINTS.c.webhook_id), descending=True)

Row = sa.Row[Any]


@dataclass(frozen=True, kw_only=True)
class NewEndpoint:
    webhook_id: str
    url: str
    types: Sequence[str]
    description: str
    secret: bytes = field(repr=False)  # sealed
    at: datetime


def add(connection: sa.Connection, new: NewEndpoint) -> Row:
    values = {
        "webhook_id": new.webhook_id,
        "url": new.url,
        "types": sorted(set(new.types)),
        "description": new.description,
        "secret": new.secret,
        "state": "enabled",
        "disabled_reason": "",
        "created_at": new.at,
        "updated_at": new.at,
    }
    put = insert(ENDPOINTS).values(values).on_conflict_do_nothing().returning(ENDPOINTS)
    row = connection.execute(put).one_or_none()
    if row is None:
        raise already_done()
    return row


def get(connection: sa.Connection, webhook_id: str) -> Row:
    found = sa.select(ENDPOINTS).where(ENDPOINTS.c.webhook_id == webhook_id)
    row = connection.execute(found).one_or_none()
    if row is None:
        raise no_such_webhook()
    return row


def page(connection: sa.Connection, asked: Page) -> tuple[Sequence[Row], str]:
    rows = connection.execute(NEWEST_FIRST.page(sa.select(ENDPOINTS), asked)).all()
    return NEWEST_FIRST.cut(rows, asked)


def change(
    connection: sa.Connection, webhook_id: str, values: Mapping[str, object], at: datetime
) -> Row:
    changed = sa.update(ENDPOINTS).where(ENDPOINTS.c.webhook_id == webhook_id)
    row = connection.execute(
        changed.values(**values, updated_at=at).returning(ENDPOINTS)
    ).one_or_none()
    if row is None:
        raise no_such_webhook()
    return row


def rotate(connection: sa.Connection, webhook_id: str, secret: bytes, at: datetime) -> Row:
    values = {
        "previous_secret": ENDPOINTS.c.secret,
        "previous_until": at + OVERLAP,
        "secret": secret,
    }
    return change(connection, webhook_id, values, at)


def enable(connection: sa.Connection, webhook_id: str, at: datetime) -> Row:
    values = {"state": "enabled", "disabled_reason": "", "failing_since": None}
    return change(connection, webhook_id, values, at)


def disable(connection: sa.Connection, webhook_id: str, reason: str, at: datetime) -> Row:
    return change(connection, webhook_id, {"state": "disabled", "disabled_reason": reason}, at)


def reseal(connection: sa.Connection, resealed: Callable[[bytes, str], bytes]) -> int:
    """How many had a secret that an earlier key has sealed; they have it no more."""
    columns = (ENDPOINTS.c.webhook_id, ENDPOINTS.c.secret, ENDPOINTS.c.previous_secret)
    changed = 0
    for row in connection.execute(sa.select(*columns).with_for_update()).all():
        before = {"secret": row.secret, "previous_secret": row.previous_secret}
        after = {name: text and resealed(text, row.webhook_id) for name, text in before.items()}
        if after != before:
            this = ENDPOINTS.c.webhook_id == row.webhook_id
            connection.execute(sa.update(ENDPOINTS).where(this).values(after))
            changed += 1
    return changed


def remove(connection: sa.Connection, webhook_id: str) -> None:
    """With all its deliveries."""
    gone = sa.delete(ENDPOINTS).where(ENDPOINTS.c.webhook_id == webhook_id)
    if not connection.execute(gone).rowcount:
        raise no_such_webhook()


def no_such_webhook() -> NotFound:
    return NotFound("no_such_webhook", "there is no such webhook", "没有这个 webhook")


def already_done() -> Conflict:
    return Conflict(
        "already_done",
        "this was done already under the same idempotency key; read the webhook",
        "该幂等键的操作已完成，请查询 webhook",
    )
