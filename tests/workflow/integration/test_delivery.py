"""The events process of workflow on the real broker: killed, told twice, told out of order."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from google.protobuf.message import Message

from chassis import envelope, topology
from chassis.clock import system_clock
from chassis.database import begin, engine
from chassis.envelope import Outgoing
from chassis.ids import new_id
from chassis.migrations import migrate
from chassis.moments import stamp
from chassis.publishing import Letter, Publisher
from chassis.runner import Runner
from chassis.scope import EVERYTHING
from chassis.subscriptions import types_of
from liheng.recording.v1.events_pb2 import RecordingSealed
from liheng.suitability.v1.events_pb2 import DecisionMade, Obligation
from services.workflow.adapters.database import SqlWorkflowWork
from services.workflow.adapters.tables import mailbox, sale_history, sales
from services.workflow.bootstrap import SERVICE
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_states import SaleState
from services.workflow.entrypoints.events import WorkflowEvents
from services.workflow.usecases.ports import WorkflowWork
from tests.chassis.stage import eventually, free_port
from tests.workflow.examples import TERMS, drafted, sale_in
from tests.workflow.integration.sealed import ENVIRON, sealer_of

ROOT = Path(__file__).parents[3]
COUNT = 60


@dataclass
class Site:
    """A database and a vhost of this test's own, and the process on them."""

    database: str
    amqp_url: str

    def __post_init__(self) -> None:
        migrate(self.database, SERVICE.migrations)
        topology.declare_service(self.amqp_url, "workflow", types_of(WorkflowEvents))
        self.engine = engine(self.database, connections=2)
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        given = {
            "PYTHONPATH": f"{ROOT}:{ROOT / 'contracts'}",
            "LIHENG_DATABASE_URL": self.database,
            "LIHENG_AMQP_URL": self.amqp_url,
            "LIHENG_RPC_ADDRESS": "127.0.0.1:0",
            "LIHENG_CALLER_KEY": "{}",
            "LIHENG_PROBE_PORT": str(free_port()),
        }
        command = [sys.executable, "-m", "services.workflow", "events"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | ENVIRON | given, stdout=subprocess.DEVNULL
        )
        self.processes.append(process)
        return process

    def start_and_kill(self, *, after: int) -> None:
        """Killed once so many changes were made."""
        process = self.start()
        eventually(lambda: self.histories().total() >= after, 45)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def add(self, *kept: Sale) -> None:
        def add_all(command: tuple[Sale, ...], work: WorkflowWork) -> None:
            for sale in command:
                work.sales.add(sale)

        work = partial(SqlWorkflowWork, sealer=sealer_of(self.engine), scope=EVERYTHING)
        Runner(begin(self.engine, work))(add_all, kept)

    def publish(self, told: list[Letter]) -> None:
        publisher = Publisher(self.amqp_url)
        for letter in told:
            publisher.deliver(letter)
        publisher.close()

    def states(self) -> Counter[str]:
        with self.engine.connect() as connection:
            return Counter(connection.scalars(sa.select(sales.c.state)))

    def histories(self) -> Counter[str]:
        with self.engine.connect() as connection:
            return Counter(connection.scalars(sa.select(sale_history.c.what)))

    def announced(self) -> Counter[str]:
        with self.engine.connect() as connection:
            return Counter(connection.scalars(sa.select(mailbox.outbox.c.type)))

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
        self.engine.dispose()


@pytest.fixture
def site(
    create_database: Callable[[str], str], create_vhost: Callable[[str], str]
) -> Iterator[Site]:
    made = Site(create_database("workflow_delivery"), create_vhost("workflow"))
    yield made
    made.close()


def letter(message: Message, sequence: int) -> Letter:
    outgoing = Outgoing.of(message, source="elsewhere")
    properties = envelope.properties(outgoing, sequence)
    return Letter("", topology.inbox_of("workflow"), outgoing.body.encode(), properties)


def decision(sale: Sale) -> DecisionMade:
    return DecisionMade(
        decision_id=new_id(),
        sale_id=sale.terms.sale_id,
        customer_id=sale.terms.customer_id,
        product_id=sale.terms.product_id,
        amount=str(sale.terms.amount),
        channel=sale.channel,
        initiated_by=sale.initiated_by,
        outcome="ALLOW",
        obligations=[Obligation(name="recording", rule_id="REC-05")],
        valid_until=stamp(system_clock() + timedelta(days=1)),
        at=stamp(system_clock()),
    )


def recording(sale: Sale) -> RecordingSealed:
    return RecordingSealed(
        recording_id=new_id(),
        sale_id=sale.terms.sale_id,
        customer_id=sale.terms.customer_id,
        product_id=sale.terms.product_id,
        at=stamp(system_clock()),
    )


def test_nothing_is_lost_or_doubled_when_the_process_is_killed(site: Site) -> None:
    kept = [drafted(replace(TERMS, sale_id=new_id())) for _ in range(COUNT)]
    site.add(*kept)
    sealed = [letter(recording(sale), number) for number, sale in enumerate(kept)]
    made = [letter(decision(sale), number) for number, sale in enumerate(kept)]
    site.publish([*sealed[::2], *made, *made[::3], *sealed[1::2], *sealed[::5]])

    site.start_and_kill(after=COUNT // 4)
    site.start_and_kill(after=COUNT)
    site.start()
    eventually(lambda: site.states()["recorded"] == COUNT, 45)

    assert site.histories() == {"decision_made": COUNT, "recording_sealed": COUNT}
    moved = COUNT + COUNT // 2  # those recorded first skip the state in between
    assert site.announced() == {"liheng.workflow.v1.SaleMoved": moved}


def test_the_timer_of_the_process_ends_a_cooling_off(site: Site) -> None:
    sale = sale_in(SaleState.COOLING_OFF, new_id())
    sale.cooling_off_until = system_clock()
    site.add(sale)

    site.start()
    eventually(lambda: site.states()["callback"] == 1)

    assert site.announced()["liheng.workflow.v1.CoolingOffEnded"] == 1
