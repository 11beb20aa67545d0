"""A database and a vhost of a test's own, and processes on them that may be killed."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from google.protobuf.message import Message

from chassis import topology
from chassis.database import engine
from chassis.dead_letters import DeadLetter, letters_of
from chassis.envelope import Outgoing
from chassis.relay import Relay
from chassis.topology import Policy
from chassis.trail.tables import create_trail
from tests.chassis.ledger import ENTRIES, MAILBOX, METADATA
from tests.chassis.ledger_process import DEATHS, SHORT
from tests.servers import where

ROOT = Path(__file__).parents[2]
TYPES = ("liheng.customer.v1.KycApproved", "liheng.customer.v1.KycRejected")


def eventually(condition: Callable[[], bool], within: float = 30.0) -> None:
    """Fail when *condition* has not become true in time."""
    until = time.monotonic() + within
    while not condition():
        if time.monotonic() > until:
            pytest.fail(f"did not happen within {within} seconds")
        threading.Event().wait(0.02)


class Process:
    """An events or relay process of the ledger."""

    def __init__(self, kind: str, database_url: str, amqp_url: str) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "tests.chassis.ledger_process", kind]
        self._running = subprocess.Popen(
            [*command, database_url, amqp_url, str(self.port)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'contracts'}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.log = b""

    def alive(self) -> bool:
        return self._running.poll() is None

    def ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz").status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end, and answer its exit code."""
        return self._end(signal.SIGTERM)

    def tell(self, number: signal.Signals) -> None:
        self._running.send_signal(number)

    def _end(self, number: signal.Signals) -> int:
        if self.alive():
            self._running.send_signal(number)
        self.log, _ = self._running.communicate(timeout=10)
        return self._running.returncode


class Stage:
    def __init__(self, database_url: str, amqp_url: str) -> None:
        self.database_url = database_url
        self.amqp_url = amqp_url
        self.engine = engine(database_url, connections=2, ping=True)
        self._processes: list[Process] = []
        METADATA.create_all(self.engine)
        with self.engine.begin() as connection:
            create_trail(Operations(MigrationContext.configure(connection)))
        self.subscribe(*TYPES)

    def subscribe(self, *types: str) -> None:
        policy = Policy(SHORT, DEATHS)
        topology.declare_service(self.amqp_url, "ledger", types, policy)

    def announce(self, *messages: Message) -> list[str]:
        """In one transaction; their event ids."""
        outgoing = [Outgoing.of(message, source="customer") for message in messages]
        with self.engine.begin() as connection:
            MAILBOX.put(connection, outgoing)
        return [each.event_id for each in outgoing]

    def start(self, kind: str, amqp_url: str = "") -> Process:
        process = Process(kind, self.database_url, amqp_url or self.amqp_url)
        self._processes.append(process)
        return process

    def start_events(self) -> Process:
        (process,) = self.start_several(1)
        return process

    def start_several(self, count: int, kind: str = "events") -> list[Process]:
        """Processes that apply events, when all of them are ready."""
        processes = [self.start(kind) for _ in range(count)]
        eventually(lambda: all(process.ready() for process in processes))
        return processes

    def alive(self) -> bool:
        """Some process is."""
        return any(process.alive() for process in self._processes)

    @contextmanager
    def relaying(self) -> Iterator[Relay]:
        """A relay in a thread, as in a relay process."""
        relay = Relay("customer", self.database_url, self.amqp_url, "liheng.customer.events")
        stop = threading.Event()
        thread = threading.Thread(target=relay.run, args=(stop,))
        thread.start()
        try:
            yield relay
        finally:
            stop.set()
            thread.join()

    def subjects(self) -> list[str]:
        """Of what was written down, in the order in which it was."""
        return list(self._select(sa.select(ENTRIES.c.subject).order_by(ENTRIES.c.number)))

    def entries(self) -> int:
        return int(self._select(sa.select(sa.func.count()).select_from(ENTRIES))[0])

    def await_entries(self, least: int) -> None:
        eventually(lambda: self.entries() >= least)

    def await_published(self, less_than: int) -> None:
        eventually(lambda: self.unpublished() < less_than)

    def unpublished(self) -> int:
        counted = sa.select(sa.func.count()).select_from(MAILBOX.outbox)
        return int(self._select(counted)[0])

    def dead_letters(self, *subjects: str) -> list[DeadLetter]:
        """All of them, or those about *subjects*."""
        with letters_of("ledger", self.amqp_url) as letters:
            dead = [DeadLetter.of(message) for message in letters]
        return [letter for letter in dead if not subjects or letter.subject in subjects]

    def queued(self, queue: str = "liheng.ledger.inbox") -> int:
        with topology.connected(self.amqp_url) as connection:
            declared = connection.channel().queue_declare(queue, passive=True)
            return int(declared.message_count)

    def drop_broker_connections(self) -> int:
        """As if the network between us and the broker was cut for a moment."""
        vhost = self.amqp_url.rsplit("/", 1)[1]
        with httpx.Client(base_url=where("AMQP_API")) as api:
            names = [each["name"] for each in api.get(f"/api/vhosts/{vhost}/connections").json()]
            for name in names:
                api.delete(f"/api/connections/{name}")
        return len(names)

    def drop_database_connections(self) -> int:
        name = sa.make_url(self.database_url).database
        others = "datname = :name AND pid <> pg_backend_pid()"
        ended = sa.text(
            f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}"
        )
        with server() as connection:
            return len(connection.execute(ended, {"name": name}).all())

    @contextmanager
    def no_database(self) -> Iterator[None]:
        """Closed, and nobody is let in."""
        name = sa.make_url(self.database_url).database
        with server() as connection:
            connection.execute(sa.text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        self.drop_database_connections()
        try:
            yield
        finally:
            with server() as connection:
                connection.execute(sa.text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))

    def close(self) -> None:
        for process in self._processes:
            process.kill()
        self.engine.dispose()

    def _select(self, statement: sa.Select[Any]) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.scalars(statement))


@contextmanager
def server() -> Iterator[sa.Connection]:
    administrator = engine(where("POSTGRES_URL"), connections=1)
    with administrator.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
    administrator.dispose()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def stage(
    create_database: Callable[[str], str], create_vhost: Callable[[str], str]
) -> Iterator[Stage]:
    made = Stage(create_database("ledger"), create_vhost("ledger"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def running(
    create_database: Callable[[str], str], create_vhost: Callable[[str], str]
) -> Iterator[Stage]:
    """With an events process and a relay that nobody kills."""
    made = Stage(create_database("ledger"), create_vhost("ledger"))
    made.start_events()
    with made.relaying():
        yield made
    made.close()
