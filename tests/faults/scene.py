"""Events under way while something breaks, and what became of each of them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

import sqlalchemy as sa
from google.protobuf.message import Message

from chassis.publishing import BROKER_ERRORS
from chassis.topology import dead_letters_of
from liheng.customer.v1.events_pb2 import KycApproved
from tests.chassis.ledger import ENTRIES
from tests.chassis.stage import Process, Stage, eventually
from tests.faults.proxy import Proxy

SUBJECTS = 30
EVENTS = 2000
AT_ONCE, PAUSE = 5, 0.025  # 200 a second
SETTLED = 180.0  # seconds within which everything must have come to rest

ANNOUNCED = """
SELECT sequence, event_id FROM event_log UNION ALL SELECT id, event_id FROM outbox
"""


@dataclass
class Outcome:
    """What a fault did to the events that were under way."""

    fault: str
    sent: int
    applied: int
    missing: int
    doubled: int
    out_of_order: int
    dead: int
    innocent_dead: int
    guilty: int

    @property
    def good(self) -> bool:
        wrong = (self.missing, self.doubled, self.out_of_order, self.innocent_dead)
        return not any(wrong) and self.dead == self.guilty


@dataclass
class Scene:
    """A worker, a relay and a standby of each, on a stage of their own."""

    stage: Stage
    through: str  # the broker's address behind the proxy
    proxy: Proxy
    workers: list[Process] = field(default_factory=list)
    relays: list[Process] = field(default_factory=list)
    guilty: set[str] = field(default_factory=set)
    _sent: int = 0

    def begin(self) -> None:
        self.workers = [self._start("batches") for _ in range(2)]
        self.relays = [self._start("relay") for _ in range(2)]
        eventually(lambda: all(worker.ready() for worker in self.workers), SETTLED)

    def start_workers(self) -> None:
        self.workers = [self._start("batches") for _ in range(2)]

    def _start(self, kind: str) -> Process:
        return self.stage.start(kind, self.through)

    @contextmanager
    def load(self) -> Iterator[None]:
        """Announced at a steady pace, through every outage, by somebody who tries again."""
        announcing = threading.Thread(target=self._announce_all)
        announcing.start()
        yield
        announcing.join()

    def await_sent(self, share: float) -> None:
        eventually(lambda: self._sent >= share * EVENTS, SETTLED)

    def blame(self, *messages: Message) -> None:
        """Announce events that can never be applied."""
        self.guilty.update(self.stage.announce(*messages))

    def replace(self, processes: list[Process]) -> None:
        """Kill the first of them; another one stands by, and one more is started."""
        killed = processes.pop(0)
        killed.kill()
        kind = "batches" if processes is self.workers else "relay"
        processes.append(self._start(kind))

    def revive(self) -> None:
        """Start anew whoever was killed by what it was given."""
        for worker in [each for each in self.workers if not each.alive()]:
            self.workers.remove(worker)
            self.workers.append(self._start("batches"))

    def settle(self) -> None:
        eventually(self._at_rest, SETTLED)

    def outcome(self, fault: str) -> Outcome:
        with self.stage.engine.connect() as connection:
            announced = {row.sequence: row.event_id for row in connection.execute(_announced())}
            rows = connection.execute(
                sa.select(ENTRIES.c.subject, ENTRIES.c.sequence).order_by(ENTRIES.c.number)
            ).all()
        dead = [letter.event_id for letter in self.stage.dead_letters()]
        applied = [row.sequence for row in rows]
        expected = {number for number, event in announced.items() if event not in set(dead)}
        return Outcome(
            fault=fault,
            sent=len(announced),
            applied=len(set(applied)),
            missing=len(expected - set(applied)),
            doubled=len(applied) - len(set(applied)),
            out_of_order=_overtaken(rows),
            dead=len(dead),
            innocent_dead=len(set(dead) - self.guilty),
            guilty=len(self.guilty),
        )

    def _at_rest(self) -> bool:
        self.revive()
        try:
            waiting = self.stage.unpublished() + self.stage.queued()
            return waiting == 0 and self._all_accounted_for()
        except (*BROKER_ERRORS, sa.exc.SQLAlchemyError):
            return False

    def _all_accounted_for(self) -> bool:
        applied = self.stage.entries() >= self._sent
        return applied and self.stage.queued(dead_letters_of("ledger")) >= len(self.guilty)

    def _announce_all(self) -> None:
        pause = threading.Event()
        while self._sent < EVENTS:
            numbers = range(self._sent, self._sent + AT_ONCE)
            messages = [KycApproved(customer_id=f"c-{number % SUBJECTS}") for number in numbers]
            try:
                self.stage.announce(*messages)
                self._sent += AT_ONCE
            except sa.exc.SQLAlchemyError:
                pause.wait(0.5)
            pause.wait(PAUSE)


def _announced() -> Any:
    return sa.text(ANNOUNCED)


def _overtaken(rows: Any) -> int:
    """Events that were applied behind a later one about the same subject."""
    by_subject = groupby(sorted(rows, key=lambda row: row.subject), key=lambda row: row.subject)
    count = 0
    for _, group in by_subject:
        sequences = [row.sequence for row in group]
        count += sum(later < earlier for earlier, later in pairwise(sequences))
    return count
