"""A whole institution: six services on databases of their own, an event bus, and a gateway."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc
import httpx
import sqlalchemy as sa
from google.protobuf import descriptor_pool, json_format
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from joserfc.jwk import OKPKey

from chassis.envelope import Meta, Outgoing, properties
from chassis.identity import METADATA_KEY, Caller, CallerSigner
from chassis.publishing import Letter
from chassis.scope import Reach
from chassis.subscriptions import Subscription, Told
from chassis.topology import exchange_of
from tests.noninterference.cast import Person
from tests.noninterference.databases import Database
from tests.noninterference.ids import IDS, Clock

POOL = descriptor_pool.Default()
KEY = OKPKey.generate_key("Ed25519")
PUBLIC, PRIVATE = (json.dumps(KEY.as_dict(private=secret)) for secret in (False, True))
SIGNER = CallerSigner(PRIVATE)

Handlers = dict[str, tuple[str, Subscription]]  # by event type, the name of the method


@dataclass
class Running:
    """One service, with its clients' side and its handlers."""

    name: str
    database: Database
    channel: grpc.Channel
    address: str
    handlers: Any  # an instance of its nameko class
    by_type: Handlers
    delivered: int = 0  # outbox id


@dataclass
class Stack:
    services: dict[str, Running]
    gateway_database: Database
    trust: dict[str, Any]  # what the gateway knows of the provider
    clock: Clock
    http: httpx.Client = field(init=False)
    told: Callable[[Letter], None] | None = None  # what else is done with every announcement

    def empty(self) -> None:
        for running_service in self.services.values():
            running_service.database.empty()
            running_service.delivered = 0
        self.gateway_database.empty()

    def call(
        self, service: str, method: str, request: Message, who: Person, contract_name: str = ""
    ) -> Any:
        """*contract_name* where it is not the service's own name."""
        name = contract_name or f"{service.capitalize()}Service"
        contract = POOL.FindServiceByName(f"liheng.{service}.v1.{name}")
        answered = GetMessageClass(contract.methods_by_name[method].output_type)
        ask = self.services[service].channel.unary_unary(
            f"/{contract.full_name}/{method}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=answered.FromString,
        )
        return ask(request, metadata=((METADATA_KEY, SIGNER.sign(caller_of(who))),))

    def stream(self, service: str, method: str, requests: Sequence[Message], who: Person) -> Any:
        contract = POOL.FindServiceByName(f"liheng.{service}.v1.{service.capitalize()}Service")
        answered = GetMessageClass(contract.methods_by_name[method].output_type)
        ask = self.services[service].channel.stream_unary(
            f"/{contract.full_name}/{method}",
            request_serializer=type(requests[0]).SerializeToString,
            response_deserializer=answered.FromString,
        )
        return ask(iter(requests), metadata=((METADATA_KEY, SIGNER.sign(caller_of(who))),))

    def deliver(self) -> None:
        """Hand every announced event to everybody who listens, until nobody has news."""
        while news := [(one, row) for one in self.services.values() for row in _outbox(one)]:
            for source, row in news:
                source.delivered = max(source.delivered, row.id)
                if self.told is not None:
                    self.told(_letter(row))
                for reader in self.services.values():
                    _apply(row, source.name, reader)


def caller_of(who: Person) -> Caller:
    return Caller(
        who.staff_id,
        frozenset({who.role}),
        who.team_id,
        who.branch_id,
        reach=Reach(who.reach),
        sees=who.sees,
    )


def _outbox(one: Running) -> list[Any]:
    told = sa.text("SELECT * FROM outbox WHERE id > :after ORDER BY id")
    with one.database.engine.connect() as connection:
        return list(connection.execute(told, {"after": one.delivered}))


def _letter(row: Any) -> Letter:
    outgoing = Outgoing(
        row.event_id, row.type, row.subject, row.source, row.occurred_at, row.body, row.headers
    )
    known = properties(outgoing, row.id)
    return Letter(exchange_of(row.type), row.type, row.body.encode(), known)


def _apply(row: Any, source: str, reader: Running) -> None:
    method, subscription = reader.by_type.get(row.type, ("", None))
    if subscription is None:
        return
    message = GetMessageClass(POOL.FindMessageTypeByName(row.type))()
    json_format.Parse(row.body, message)
    IDS.begin(f"{reader.name}:{row.event_id}")
    meta = Meta(row.event_id, row.subject, row.id, row.occurred_at, source)
    getattr(reader.handlers, method)(*subscription.arguments([Told(message, meta)]))
