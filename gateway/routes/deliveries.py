"""/webhooks/…/deliveries: what was sent, what came back, and what is sent again."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from chassis.clock import system_clock
from chassis.ids import new_id
from chassis.moments import moment
from chassis.paging import Page
from chassis.trail import Entry
from gateway.operation import Asked, Routes
from gateway.problems import FieldError, Problem
from gateway.routes.webhooks import PERMISSION
from gateway.schemas import webhooks as schemas
from gateway.sentences import Sentence
from gateway.webhooks import deliveries as rows
from gateway.webhooks import endpoints
from gateway.webhooks.catalogue import TEST, written
from gateway.webhooks.deliveries import DeliveryFilter, Event
from gateway.webhooks.desk import desk, id_of

Shown = Mapping[str, Any]

DELIVERY = ("delivery_id", "event_id", "type", "state", "attempts", "due_at", "created_at")
ATTEMPT = ("at", "milliseconds", "status", "outcome")

deliveries = Routes("webhooks")


@deliveries.post(
    "/webhooks/{webhook_id}/tests",
    permission=PERMISSION,
    summary=Sentence("Send an event that means nothing", "发送测试事件"),
    shows=schemas.Delivery,
    status=201,
)
async def send_test(asked: Asked) -> Shown:
    at, webhook_id = system_clock(), id_of(asked)
    event = Event(new_id(), TEST, written(TEST, at, {"webhookId": webhook_id}))

    def add(connection: sa.Connection) -> Shown:
        endpoints.get(connection, webhook_id)
        return picked(rows.add(connection, webhook_id, event, at), DELIVERY)

    return await desk(asked).do(asked, add)


@deliveries.get(
    "/webhooks/{webhook_id}/deliveries",
    permission=PERMISSION,
    summary=Sentence("What was sent, newest first", "投递记录"),
    query=schemas.DeliveriesAsked,
    shows=schemas.Deliveries,
)
async def list_deliveries(asked: Asked) -> Shown:
    query = asked.query
    page = Page.asked(query.get("limit") or 0, query.get("cursor") or "")
    wanted = DeliveryFilter(
        webhook_id=id_of(asked),
        state=query.get("state") or "",
        type=query.get("type") or "",
        event_id=query.get("event_id") or "",
    )

    def found(connection: sa.Connection) -> tuple[Any, str]:
        endpoints.get(connection, id_of(asked))
        return rows.page(connection, wanted, page)

    items, following = await desk(asked).read(found)
    return {"items": [picked(row, DELIVERY) for row in items], "next": following or None}


@deliveries.get(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}",
    permission=PERMISSION,
    summary=Sentence("One delivery and every attempt", "投递详情"),
    shows=schemas.DeliveryWithAttempts,
)
async def get_delivery(asked: Asked) -> Shown:
    delivery_id = asked.path["delivery_id"]

    def found(connection: sa.Connection) -> Shown:
        row = rows.get(connection, id_of(asked), delivery_id)
        tries = rows.attempts_of(connection, delivery_id)
        return {**picked(row, DELIVERY), "tries": [picked(one, ATTEMPT) for one in tries]}

    return await desk(asked).read(found)


@deliveries.post(
    "/webhooks/{webhook_id}/replays",
    permission=PERMISSION,
    summary=Sentence("Send again, one delivery or those of a time", "重新投递"),
    body=schemas.Replay,
    shows=schemas.Replayed,
    status=201,
)
async def replay_deliveries(asked: Asked) -> Shown:
    """Under the same webhook-id as before."""
    wanted = which(asked)

    def again(connection: sa.Connection) -> Shown:
        endpoints.get(connection, id_of(asked))
        return {"deliveries": rows.replay(connection, wanted, system_clock())}

    entry = Entry(action="webhook.replayed", subject=id_of(asked))
    return await desk(asked).do(asked, again, entry)


def which(asked: Asked) -> DeliveryFilter:
    body = asked.body
    if not body.get("delivery_id") and not body.get("since"):
        raise which_ones()
    return DeliveryFilter(
        webhook_id=id_of(asked),
        delivery_id=body.get("delivery_id") or "",
        state=body.get("state") or "",
        since=moment(body["since"]) if body.get("since") else None,
        until=moment(body["until"]) if body.get("until") else None,
    )


def picked(row: sa.Row[Any], names: tuple[str, ...]) -> Shown:
    return {name: row._mapping[name] for name in names}


def which_ones() -> Problem:
    detail = Sentence("Name a delivery_id, or since when", "请指定 delivery_id 或 since")
    error = FieldError("body", "delivery_id", detail)
    return Problem(422, "invalid_request", detail, errors=(error,))
