"""Whatever lies in an inbox, the process goes on, and each letter is applied or a dead letter."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from chassis.database import engine
from chassis.dead_letters import letters_of
from chassis.envelope import PREFIX
from chassis.ids import new_id
from chassis.publishing import Letter, Publisher
from chassis.topology import inbox_of
from proto.catalogue import Event, current
from proto.examples import body, headers
from proto.listeners import SERVICES, listeners
from tests.chassis.stage import free_port
from tests.patience import until
from tests.sealing import environ_of

CATALOGUE = current()
LISTENERS = listeners()
OWN = {
    "recording": {
        "LIHENG_RECORDING_S3_ENDPOINT": "127.0.0.1:1",
        "LIHENG_RECORDING_S3_ACCESS_KEY": "a",
        "LIHENG_RECORDING_S3_SECRET_KEY": "b",
        "LIHENG_RECORDING_S3_BUCKET": "never asked",
    },
}
NOTED = sa.text("SELECT message_id FROM inbox")
PATIENCE = 120.0  # seconds, for a hundred letters of which many are tried four times


@dataclass(frozen=True)
class Sent:
    """*event_id* is what an inbox would note, *message_id* what the broker knows it by."""

    event_id: str
    message_id: str


class Listening:
    """An events process of a service, with a database and a vhost of its own."""

    def __init__(self, service: str, database_url: str, amqp_url: str) -> None:
        self.service = service
        self._amqp_url = amqp_url
        self._engine = engine(database_url, connections=1)
        own = {name: value for name, value in os.environ.items() if name[:7] != "LIHENG_"}
        self._environ = own | {
            "LIHENG_DATABASE_URL": database_url,
            "LIHENG_AMQP_URL": amqp_url,
            "LIHENG_RPC_ADDRESS": "127.0.0.1:0",
            "LIHENG_CALLER_KEY": "{}",
            "LIHENG_PROBE_PORT": str(free_port()),
            "LIHENG_LICENCE": "fund_distributor",
            "PYTHONPATH": ".:contracts",
            **environ_of(service),
            **OWN.get(service, {}),
        }
        subprocess.run(self._command("migrate"), env=self._environ, check=True, timeout=60)
        self.process = subprocess.Popen(
            self._command("events"), env=self._environ, stdout=subprocess.DEVNULL
        )

    def wanted(self) -> list[Event]:
        return [
            event
            for event in CATALOGUE.events
            if self.service in LISTENERS.get(event.message.full_name, [])
        ]

    def send(self, letters: Sequence[tuple[bytes, Mapping[str, Any]]]) -> list[Sent]:
        publisher, sent = Publisher(self._amqp_url), []
        for content, told in letters:
            message_id = new_id()
            properties = {"message_id": message_id, "application_headers": dict(told)}
            publisher.deliver(Letter("", inbox_of(self.service), content, properties))
            sent.append(Sent(str(told.get(PREFIX + "id", "")), message_id))
        publisher.close()
        return sent

    def noted(self) -> set[str]:
        with self._engine.connect() as connection:
            return set(connection.scalars(NOTED))

    def dead(self) -> set[str]:
        with letters_of(self.service, self._amqp_url) as letters:
            return {str(letter.properties.get("message_id")) for letter in letters}

    def await_all(self, sent: list[Sent]) -> None:
        def settled() -> bool:
            noted, dead = self.noted(), self.dead()
            return all(each.event_id in noted or each.message_id in dead for each in sent)

        until("every letter applied or a dead letter", settled, PATIENCE)
        assert self.process.poll() is None

    def close(self) -> None:
        self.process.terminate()
        assert self.process.wait(timeout=60) == 0
        self._engine.dispose()

    def _command(self, name: str) -> list[str]:
        return [sys.executable, "-m", f"services.{self.service}", name]


def letter(event: Event, number: int) -> tuple[bytes, dict[str, Any]]:
    """The example of its documentation, as a new event about something new."""
    subject = new_id()
    said = body(CATALOGUE, event) | {event.message.fields[0].json_name: subject}
    told = headers(event, subject) | {
        PREFIX + "id": new_id(),
        PREFIX + "sequence": f"{number:019}",
    }
    return json.dumps(said, ensure_ascii=False).encode(), told


TEXTS = some.text(some.characters(codec="utf-8"), max_size=40) | some.sampled_from(
    [
        "",
        "\0",
        "\U0001f468\u200d\U0001f469",
        "9" * 400,
        "-1",
        "NaN",
        "2026-13-45",
        "'; DROP TABLE inbox; --",
    ]
)
SCALARS = some.none() | some.booleans() | some.integers(-(2**63), 2**63 - 1) | TEXTS
ANYTHING = some.recursive(
    SCALARS | some.floats(),
    lambda each: some.lists(each, max_size=4) | some.dictionaries(TEXTS, each, max_size=4),
    max_leaves=12,
)
TOLD = SCALARS | some.binary(max_size=20) | some.lists(SCALARS, max_size=3)
NAMES = ("specversion", "id", "source", "type", "subject", "time", "sequence", "traceparent")
DEEP = b'{"a":' * 3000 + b"1" + b"}" * 3000


@some.composite
def changed(draw: some.DrawFn, event: Event) -> tuple[bytes, dict[str, Any]]:
    """An event of the contract with some of what it says taken away, or said otherwise."""
    content, told = letter(event, draw(some.integers(1, 10**6)))
    said = json.loads(content)
    for name in draw(some.lists(some.sampled_from(sorted(said)), max_size=3)):
        if draw(some.booleans()):
            said.pop(name, None)
        else:
            said[name] = draw(ANYTHING)
    return json.dumps(said).encode(), told


@some.composite
def mangled(draw: some.DrawFn, event: Event) -> tuple[bytes, dict[str, Any]]:
    """An event of the contract whose attributes or bytes went wrong on the way."""
    content, told = letter(event, draw(some.integers(1, 10**6)))
    for name in draw(some.lists(some.sampled_from(NAMES), max_size=2)):
        told[PREFIX + name] = draw(TOLD)
    cut = draw(some.integers(0, len(content)))
    return draw(some.sampled_from([content, content[:cut], content[cut:], DEEP])), told


@some.composite
def noise(draw: some.DrawFn, event: Event) -> tuple[bytes, dict[str, Any]]:
    """Random bytes, or JSON of any shape, under an event's attributes or under none."""
    content = draw(some.binary(max_size=300) | ANYTHING.map(json.dumps).map(str.encode))
    told: dict[str, Any] = letter(event, 1)[1] if draw(some.booleans()) else {}
    return content, told


@pytest.fixture(scope="module", params=SERVICES)
def listening(
    request: pytest.FixtureRequest,
    create_database: Callable[[str], str],
    create_vhost: Callable[[str], str],
) -> Iterator[Listening]:
    service = str(request.param)
    listening = Listening(service, create_database(service), create_vhost(service))
    yield listening
    listening.close()


ONCE = settings(
    max_examples=1,
    phases=[Phase.generate],  # each letter is named by the failure: nothing to shrink
    suppress_health_check=list(HealthCheck),
)


@ONCE
@given(data=some.data())
def test_bad_letters_stop_nobody_and_none_is_lost(
    listening: Listening, data: some.DataObject
) -> None:
    wanted = listening.wanted()
    kinds = some.sampled_from(wanted).flatmap(
        lambda event: some.one_of(changed(event), mangled(event), noise(event))
    )
    bad = data.draw(some.lists(kinds, min_size=60, max_size=60))
    good = [letter(event, 10**7) for event in wanted * 2]

    first = listening.send(good[: len(wanted)])
    among = listening.send(bad)
    last = listening.send(good[len(wanted) :])
    listening.await_all([*first, *among, *last])

    noted = listening.noted()
    applied = [each.event_id in noted for each in first]
    assert any(applied)
    assert any(each.event_id in noted for each in last)
