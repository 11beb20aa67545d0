"""What routes of webhooks do with the gateway's own database, on behalf of one request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from chassis import identity
from chassis.clock import system_clock
from chassis.errors import Refusal
from chassis.trail import Entry
from chassis.trail.origin import Origin
from chassis.trail.writing import write
from gateway.operation import Asked
from gateway.problems import RETRY_AFTER, Problem, from_refusal
from gateway.sentences import Sentence
from gateway.store.database import Store
from gateway.webhooks import repeats
from gateway.webhooks.addresses import Reachable
from gateway.webhooks.secrets import Vault

T = TypeVar("T")
Shown = Mapping[str, Any]

# Who acts, for the triggers of the trail.
INTRODUCE = sa.text("SELECT set_config('liheng.trail', :origin, true)")
WEBHOOK = (
    "webhook_id",
    "url",
    "types",
    "description",
    "state",
    "disabled_reason",
    "failing_since",
    "created_at",
    "updated_at",
)


@dataclass(frozen=True)
class Desk:
    store: Store
    vault: Vault
    reachable: Reachable

    def check(self, url: str) -> None:
        try:
            self.reachable.check(url)
        except Refusal as refusal:
            raise from_refusal(refusal, lambda _: "body") from None

    async def do(
        self, asked: Asked, work: Callable[[sa.Connection], Shown], *entries: Entry
    ) -> Shown:
        """*work* and its trail in one transaction; once only under an idempotency key."""
        identity.set_caller(asked.caller)

        def done(connection: sa.Connection) -> Shown:
            result = work(connection)
            write(connection, entries)
            return result

        def once(connection: sa.Connection) -> Shown:
            connection.execute(INTRODUCE, {"origin": Origin.now().told()})
            return repeats.once(connection, asked, lambda: done(connection))

        return await self.read(once)

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        try:
            return await self.store.run(work)
        except Refusal as refusal:
            raise from_refusal(refusal, lambda _: "query") from None
        except SQLAlchemyError:
            raise away() from None

    async def change(
        self, asked: Asked, verb: str, work: Callable[[sa.Connection, datetime], Shown]
    ) -> Shown:
        """The webhook of the address, changed and noted as *verb*."""
        at, entry = system_clock(), Entry(action=f"webhook.{verb}", subject=id_of(asked))
        return await self.do(asked, lambda connection: work(connection, at), entry)


def desk(asked: Asked) -> Desk:
    found: Desk = asked.request.app.state.desk
    return found


def id_of(asked: Asked) -> str:
    return str(asked.path["webhook_id"])


def shown(row: sa.Row[Any]) -> Shown:
    values = row._mapping
    return {name: values[name] if values[name] != "" else None for name in WEBHOOK}


def away() -> Problem:
    detail = Sentence(
        "The gateway's database is away for the moment; try again shortly",
        "网关数据库暂时不可用，请稍后重试",
    )
    return Problem(503, "gateway_database_away", detail, headers={"Retry-After": RETRY_AFTER})
