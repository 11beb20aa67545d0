"""A request with an idempotency key: done once, and answered again when it is repeated.

Work and answer are committed together, so that there is nothing in between to be lost.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
import sqlalchemy as sa

from chassis.answers import Asking, in_flight, key_reused
from chassis.clock import system_clock
from chassis.moments import moment
from chassis.once import REPLAYED
from gateway.answering import written
from gateway.operation import Asked
from gateway.store.tables import webhooks

Shown = Mapping[str, Any]

ALONE = sa.text("SELECT pg_try_advisory_xact_lock(hashtextextended(:request_id, 0))")
FIND = sa.select(webhooks.requests).where(
    webhooks.requests.c.request_id == sa.bindparam("request_id")
)


def once(connection: sa.Connection, asked: Asked, work: Callable[[], Shown]) -> Shown:
    """Raise Conflict while the same request is being answered, Invalid when it said otherwise."""
    if not asked.line.key:
        return work()
    asking = asking_of(asked)
    request_id = asked.line.id_of(asking.method)
    if not connection.scalar(ALONE, {"request_id": request_id}):
        raise in_flight()
    before = connection.execute(FIND, {"request_id": request_id}).one_or_none()
    if before is not None:
        return said_before(asked, asking, before)
    answer = work()
    kept = {
        "request_id": request_id,
        "at": system_clock(),
        "body_digest": asking.body,
        "answer_sealed": asking.seal(written(answer)),
    }
    connection.execute(webhooks.requests.insert(), kept)
    return answer


def asking_of(asked: Asked) -> Asking:
    """Sealed for who knows the key: an answer may hold a secret that is shown once."""
    path = asked.request.url.path
    said = orjson.dumps(asked.body, default=moment, option=orjson.OPT_SORT_KEYS)
    return Asking(asked.line.caller_id, f"POST {path}", asked.line.key, sha256(said).digest())


def said_before(asked: Asked, asking: Asking, row: sa.Row[Any]) -> Shown:
    if row.body_digest != asking.body:
        raise key_reused()
    asked.line.note({REPLAYED: "true"})
    opened, _ = asking.open(row.answer_sealed)
    answer: Shown = orjson.loads(opened)
    return answer


def prune(connection: sa.Connection, before: datetime) -> int:
    """Forget what was answered before then."""
    old = webhooks.requests.delete().where(webhooks.requests.c.at < before)
    return int(connection.execute(old).rowcount)
