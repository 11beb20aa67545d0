"""A gateway on a broker and a database of its own, and a bus that announces as services do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import httpx
from google.protobuf.message import Message

from chassis.envelope import Outgoing, properties
from chassis.publishing import Letter, Publisher
from chassis.topology import exchange_of
from gateway.config import GatewayConfig
from tests.gateway.integration.listening import listening
from tests.gateway.running import running
from tests.gateway.signing import Signing
from tests.patience import until

SEQUENCES = count(1)


class Bus:
    """Announces as the services' relays do."""

    def __init__(self, amqp_url: str) -> None:
        self._publisher = Publisher(amqp_url)

    def announce(self, *events: Message, event_id: str = "") -> None:
        letters = [self._letter(event, event_id) for event in events]
        answer = self._publisher.publish(letters)
        assert len(answer.taken) == len({letter.message_id for letter in letters}), answer

    def close(self) -> None:
        self._publisher.close()

    def _letter(self, event: Message, event_id: str) -> Letter:
        outgoing = Outgoing.of(event, source="a service")
        outgoing = replace(outgoing, event_id=event_id or outgoing.event_id)
        exchange = exchange_of(outgoing.type)
        told = properties(outgoing, next(SEQUENCES))
        return Letter(exchange, outgoing.type, outgoing.body.encode(), told)


@dataclass(frozen=True)
class House:
    url: str
    bus: Bus
    signing: Signing

    def listen(self, *roles: str, **more: Any) -> Any:
        token = self.token(*roles, staff_id=more.pop("staff_id", "s-wangjun"))
        return listening(self.url, token, **more)

    def token(self, *roles: str, staff_id: str = "s-wangjun") -> str:
        return self.signing.staff(*roles, staff_id=staff_id)


@contextmanager
def opened(config: GatewayConfig, signing: Signing) -> Iterator[House]:
    with running(config) as url:
        until("the feed", lambda: ready(url, signing.staff("adviser")))
        bus = Bus(config.amqp_url)
        try:
            yield House(url, bus, signing)
        finally:
            bus.close()


def ready(url: str, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.stream("GET", f"{url}/v1/events", headers=headers, trust_env=False) as answer:
        return answer.status_code == 200
