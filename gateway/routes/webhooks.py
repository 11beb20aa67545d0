"""/webhooks: which systems are sent events, where, and under which secret."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.clock import system_clock
from chassis.paging import Page
from chassis.trail import Entry
from gateway.operation import Asked, Routes
from gateway.schemas import webhooks as schemas
from gateway.schemas.paging import PageAsked
from gateway.sentences import Sentence
from gateway.webhooks import endpoints
from gateway.webhooks.desk import desk, id_of, shown
from gateway.webhooks.endpoints import NewEndpoint
from gateway.webhooks.secrets import new_secret

Shown = Mapping[str, Any]

PERMISSION = "webhook.manage"

webhooks = Routes("webhooks")


@webhooks.post(
    "/webhooks",
    permission=PERMISSION,
    summary=Sentence("Register a webhook", "登记 webhook"),
    body=schemas.NewWebhook,
    shows=schemas.WebhookWithSecret,
    status=201,
    location="/webhooks/{webhook_id}",
)
async def create_webhook(asked: Asked) -> Shown:
    desk(asked).check(asked.body["url"])
    webhook_id, secret = asked.line.id_of("webhook"), new_secret()
    new = NewEndpoint(
        webhook_id=webhook_id,
        url=asked.body["url"],
        types=asked.body["types"],
        description=asked.body.get("description") or "",
        secret=desk(asked).vault.sealed(secret, webhook_id),
        at=system_clock(),
    )
    entry = Entry(action="webhook.registered", subject=webhook_id)

    def add(connection: sa.Connection) -> Shown:
        return {**shown(endpoints.add(connection, new)), "secret": secret}

    return await desk(asked).do(asked, add, entry)


@webhooks.get(
    "/webhooks",
    permission=PERMISSION,
    summary=Sentence("List webhooks", "webhook 列表"),
    query=PageAsked,
    shows=schemas.Webhooks,
)
async def list_webhooks(asked: Asked) -> Shown:
    page = Page.asked(asked.query.get("limit") or 0, asked.query.get("cursor") or "")
    rows, following = await desk(asked).read(lambda connection: endpoints.page(connection, page))
    return {"items": [shown(row) for row in rows], "next": following or None}


@webhooks.get(
    "/webhooks/{webhook_id}",
    permission=PERMISSION,
    summary=Sentence("One webhook", "webhook 详情"),
    shows=schemas.Webhook,
)
async def get_webhook(asked: Asked) -> Shown:
    return shown(await desk(asked).read(lambda connection: endpoints.get(connection, id_of(asked))))


@webhooks.patch(
    "/webhooks/{webhook_id}",
    permission=PERMISSION,
    summary=Sentence("Change where a webhook goes, and what it is sent", "修改 webhook"),
    body=schemas.WebhookChange,
    shows=schemas.Webhook,
)
async def change_webhook(asked: Asked) -> Shown:
    values = {name: value for name, value in asked.body.items() if value is not None}
    if "url" in values:
        desk(asked).check(values["url"])
    return await desk(asked).change(
        asked,
        "changed",
        lambda connection, at: shown(endpoints.change(connection, id_of(asked), values, at)),
    )


@webhooks.delete(
    "/webhooks/{webhook_id}",
    permission=PERMISSION,
    summary=Sentence("Remove a webhook and its deliveries", "删除 webhook"),
    status=204,
)
async def remove_webhook(asked: Asked) -> None:
    entry = Entry(action="webhook.removed", subject=id_of(asked))

    def remove(connection: sa.Connection) -> Shown:
        endpoints.remove(connection, id_of(asked))
        return {}

    await desk(asked).do(asked, remove, entry)


@webhooks.post(
    "/webhooks/{webhook_id}/disablements",
    permission=PERMISSION,
    summary=Sentence("Stop sending; what happens meanwhile is not kept for it", "停用 webhook"),
    shows=schemas.Webhook,
    status=201,
)
async def disable_webhook(asked: Asked) -> Shown:
    return await desk(asked).change(
        asked,
        "disabled",
        lambda connection, at: shown(endpoints.disable(connection, id_of(asked), "by_staff", at)),
    )


@webhooks.post(
    "/webhooks/{webhook_id}/enablements",
    permission=PERMISSION,
    summary=Sentence("Send again, what was still pending first", "启用 webhook"),
    shows=schemas.Webhook,
    status=201,
)
async def enable_webhook(asked: Asked) -> Shown:
    return await desk(asked).change(
        asked,
        "enabled",
        lambda connection, at: shown(endpoints.enable(connection, id_of(asked), at)),
    )


@webhooks.post(
    "/webhooks/{webhook_id}/rotations",
    permission=PERMISSION,
    summary=Sentence("A new secret; the one before signs as well for a day", "轮换签名密钥"),
    shows=schemas.WebhookWithSecret,
    status=201,
)
async def rotate_secret(asked: Asked) -> Shown:
    secret = new_secret()
    sealed = desk(asked).vault.sealed(secret, id_of(asked))

    def rotate(connection: sa.Connection, at: datetime) -> Shown:
        return {
            **shown(endpoints.rotate(connection, id_of(asked), sealed, at)),
            "secret": secret,
        }

    return await desk(asked).change(asked, "secret_rotated", rotate)
