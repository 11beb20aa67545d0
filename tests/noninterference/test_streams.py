"""What comes over a stream is the same whatever happens to clients out of sight."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import httpx
import pytest

from chassis.envelope import Outgoing, properties
from chassis.moments import stamp
from chassis.publishing import Letter, Publisher
from chassis.topology import connected, declare_exchange, exchange_named, exchange_of
from liheng.customer.v1.events_pb2 import CustomerOnboarded
from liheng.workflow.v1.events_pb2 import LeadAssigned
from tests.gateway.integration.listening import frames
from tests.gateway.signing import Signing
from tests.noninterference.building import build
from tests.noninterference.cast import ADVISERS, NOW, Person, World, in_role
from tests.noninterference.comparing import administrator_of, token_of
from tests.noninterference.requests import operations
from tests.noninterference.serving import SERVICES, Servers, gateway_running
from tests.noninterference.stacks import Stack
from tests.noninterference.twins import twins
from tests.patience import until

pytestmark = pytest.mark.timeout(600)  # seconds: whole worlds are built and asked

LAST = "l-last"
STREAMS = [operation for operation in operations() if operation.streams]
Heard = list[dict[str, Any]]


@pytest.mark.parametrize("path", [operation.path for operation in STREAMS])
@pytest.mark.parametrize("role", ["adviser", "team_leader", "branch_manager"])
def test_a_stream_tells_nothing_of_what_is_hidden(
    role: str, path: str, stacks: tuple[Stack, Stack], servers: Servers, signing: Signing
) -> None:
    random = Random(role)
    told = twins(who := random.choice(in_role(role)), random)

    one, other = (
        heard(path, who, world, stack, servers, signing)
        for world, stack in zip((told.one, told.other), stacks, strict=True)
    )

    assert one == other
    assert len(one) > 1


def heard(
    path: str, who: Person, world: World, stack: Stack, servers: Servers, signing: Signing
) -> Heard:
    """All that is told while the world comes into being, up to something that *who* sees.

    A new lead is nobody's yet, so leaders hear of it whoever gets it later: that is left out.
    """
    stack.empty()
    with (
        bus(servers.vhost("stream")) as (vhost, publisher),
        gateway_running(stack, vhost) as http,
        listening(http, path, token_of(who, signing)) as response,
    ):
        stack.told = lambda letter: publish(publisher, letter)
        build(world, stack, administrator_of(signing))
        stack.told = None
        for number, event in enumerate(last_words(who), start=1_000_000):
            publish(publisher, letter_of(event, number))
        told = list(up_to_the_last(response))
    return [hint for hint in told if not (hint["state"] == "new" and who.reach != "own")]


@contextmanager
def bus(vhost: str) -> Iterator[tuple[str, Publisher]]:
    """A broker on which every service has something to tell."""
    with connected(vhost) as connection:
        for service in SERVICES:
            declare_exchange(connection.channel(), exchange_named(service))
    publisher = Publisher(vhost)
    yield vhost, publisher
    publisher.close()


@contextmanager
def listening(http: httpx.Client, path: str, token: str) -> Iterator[httpx.Response]:
    headers = {"authorization": f"Bearer {token}"}

    def answers() -> bool:
        with http.stream("GET", path, headers=headers) as response:
            return response.status_code == 200

    until("the feed", answers)
    with http.stream("GET", path, headers=headers) as response:
        yield response


def up_to_the_last(response: httpx.Response) -> Iterator[dict[str, Any]]:
    """Fails when nothing comes for as long as the client waits."""
    for frame in frames(response.iter_lines()):
        told = json.loads(frame["data"])
        yield told | {"event": frame.get("event", "")}
        if told.get("subject") == LAST:
            return


def last_words(who: Person) -> Iterator[Any]:
    """A lead of a client whom *who* sees."""
    adviser = next(
        adviser
        for adviser in ADVISERS
        if who.staff_id == adviser.staff_id
        or (
            who.role != "adviser"
            and (who.team_id == adviser.team_id or not who.team_id)
            and who.branch_id == adviser.branch_id
        )
    )
    whose: dict[str, Any] = {
        "adviser_id": adviser.staff_id,
        "team_id": adviser.team_id,
        "branch_id": adviser.branch_id,
        "at": stamp(NOW),
    }
    yield CustomerOnboarded(customer_id="c-last", **whose)
    yield LeadAssigned(lead_id=LAST, customer_id="c-last", **whose)


def letter_of(event: Any, number: int) -> Letter:
    outgoing = Outgoing.of(event, source="test")
    body = outgoing.body.encode()
    return Letter(exchange_of(outgoing.type), outgoing.type, body, properties(outgoing, number))


def publish(publisher: Publisher, letter: Letter) -> None:
    """What nobody here reads comes back, which is fine."""
    publisher.publish([letter])
