"""Systems outside the suite: admitted, served, and kept from everything else."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from amqp.exceptions import AccessRefused
from google.protobuf.message import Message
from sqlalchemy import make_url

from chassis import topology
from chassis.consumers import Consumer, registry
from chassis.publishing import Letter, Publisher
from liheng.customer.v1.events_pb2 import AdviserChanged, HoldingsChanged, KycApproved
from tests.chassis.stage import Stage
from tests.node import node
from tests.patience import until
from tests.servers import where

ROOT = Path(__file__).parents[3]
REGISTRY = """
[{name}]
zh = "数据仓库"
en = "data warehouse"
contact = "w@institution.example"
events = ["liheng.customer.v1.HoldingsChanged"]
"""


class House:
    """A bus of one's own, and a system that is registered for one kind of event."""

    def __init__(self, stage: Stage, path: Path) -> None:
        self.stage = stage
        self.path = path
        self.name = f"warehouse-{make_url(stage.amqp_url).database}".replace("_", "-").lower()[:40]
        self.register(REGISTRY)

    @property
    def consumer(self) -> Consumer:
        return registry(self.path)[self.name]

    def register(self, text: str) -> None:
        self.path.write_text(text.format(name=self.name), encoding="utf-8")

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        told = {
            "LIHENG_CONSUMERS_AMQP_URL": self.stage.amqp_url,
            "LIHENG_CONSUMERS_AMQP_API": where("AMQP_API"),
            "LIHENG_CONSUMERS_CONSUMERS": str(self.path),
        }
        return subprocess.run(
            [sys.executable, "-m", "chassis.consumers", *words],
            cwd=ROOT,
            env=os.environ | told,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def admit(self) -> str:
        """Its address on the broker."""
        done = self.command("admit", self.name)
        assert done.returncode == 0, done.stderr
        password = done.stdout.split("password ")[1].split(",")[0]
        own = make_url(self.stage.amqp_url).set(username=self.consumer.user, password=password)
        return own.render_as_string(hide_password=False)


@pytest.fixture
def house(stage: Stage, tmp_path: Path) -> Iterator[House]:
    made = House(stage, tmp_path / "consumers.toml")
    yield made
    made.register(REGISTRY)
    made.command("dismiss", made.name)


def of_python(name: str) -> list[str]:
    return [sys.executable, "-m", f"examples.consumers.{name}"]


def of_javascript(name: str) -> list[str]:
    folder = ROOT / "examples" / "consumers" / "javascript"
    return [node(folder), str(folder / f"{name}.mjs")]


EXAMPLES: dict[str, Callable[[str], list[str]]] = {
    "with_kombu": of_python,
    "with_aio_pika": of_python,
    "with_amqplib": of_javascript,
}


@pytest.fixture(params=EXAMPLES)
def start(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[House, str], "subprocess.Popen[str]"]]:
    processes = []

    def begin(house: House, address: str) -> "subprocess.Popen[str]":
        command = EXAMPLES[request.param](request.param)
        process = subprocess.Popen(
            [*command, address, house.consumer.queue, str(tmp_path / "warehouse.db")],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield begin
    for process in processes:
        process.kill()
        process.communicate()


def applied(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "warehouse.db", timeout=10) as database:
        try:
            return [row[0] for row in database.execute("SELECT event_id FROM applied")]
        except sqlite3.OperationalError:
            return []


def holdings(number: int) -> HoldingsChanged:
    return HoldingsChanged(customer_id=f"c-{number}")


def test_an_example_hears_what_it_is_registered_for_and_nothing_twice(
    house: House, start: Callable[[House, str], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    address = house.admit()
    first = start(house, address)
    with house.stage.relaying():
        told: list[Message] = [holdings(number) for number in range(40)]
        told.insert(20, KycApproved(customer_id="c-1"))
        ids = house.stage.announce(*told)
        until("some of them", lambda: len(applied(tmp_path)) >= 5)
        first.kill()
        start(house, address)
        until("all of them", lambda: len(applied(tmp_path)) == 40)
    assert applied(tmp_path) == [each for each in ids if each != ids[20]]


def test_an_example_sets_aside_what_is_no_event(
    house: House, start: Callable[[House, str], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    start(house, house.admit())
    publisher = Publisher(house.stage.amqp_url)
    publisher.deliver(Letter("", house.consumer.queue, b"{", {"message_id": "x"}))
    publisher.close()

    until("the dead letter", lambda: house.stage.queued(house.consumer.dead_letters) == 1)


def test_a_system_may_take_from_its_own_queue_and_nothing_else(house: House) -> None:
    address = house.admit()

    with topology.connected(address) as connection:
        assert connection.channel().basic_get(house.consumer.queue) is None
        forbidden: list[Callable[[], object]] = [
            lambda: connection.channel().basic_get("liheng.ledger.inbox"),
            lambda: connection.channel().queue_declare("mine"),
            lambda: connection.channel().queue_purge("liheng.ledger.inbox"),
            lambda: connection.channel().queue_delete(house.consumer.queue),
            lambda: connection.channel().queue_bind(
                house.consumer.queue, "liheng.customer.events", "#"
            ),
        ]
        for attempt in forbidden:
            with pytest.raises(AccessRefused):
                attempt()
    publisher = Publisher(address)
    with pytest.raises(AccessRefused):
        publisher.deliver(Letter("liheng.customer.events", "x", b"{}", {"message_id": "x"}))


def test_admitting_again_changes_what_changed(house: House) -> None:
    first = house.admit()
    house.register(REGISTRY.replace("HoldingsChanged", "AdviserChanged"))
    second = house.admit()

    with pytest.raises(AccessRefused), topology.connected(first):
        pass
    with house.stage.relaying():
        house.stage.announce(holdings(1), AdviserChanged(customer_id="c-1"))
        until("publication", lambda: house.stage.unpublished() <= 1)
    with topology.connected(second) as connection:
        message = until("it", lambda: connection.channel().basic_get(house.consumer.queue))
        assert message.headers["cloudEvents:type"] == "liheng.customer.v1.AdviserChanged"
        assert connection.channel().basic_get(house.consumer.queue) is None


def test_who_is_dismissed_is_out_and_loses_nothing(house: House) -> None:
    address = house.admit()
    with house.stage.relaying():
        house.stage.announce(holdings(1))
        until("it waits", lambda: house.stage.queued(house.consumer.queue) == 1)

    assert house.command("dismiss", house.name).returncode == 0

    with pytest.raises(AccessRefused), topology.connected(address):
        pass
    assert house.stage.queued(house.consumer.queue) == 1


def test_who_is_not_registered_is_not_admitted(house: House) -> None:
    unknown = house.command("admit", "somebody")

    assert unknown.returncode == 2
    assert "somebody is not registered" in unknown.stderr


def test_a_name_never_takes_a_user_that_is_there_for_something_else(house: House) -> None:
    ours = str(make_url(house.stage.amqp_url).username)
    house.path.write_text(REGISTRY.format(name=ours), encoding="utf-8")

    assert house.command("admit", ours).returncode == 0

    with topology.connected(house.stage.amqp_url) as connection:
        connection.channel().queue_declare("still ours", exclusive=True)
    assert house.command("dismiss", ours).returncode == 0
