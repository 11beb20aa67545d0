"""A service for tests: writes down what it is told, and fails in the way it is told to."""

import os
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.dependencies import RunUseCase
from chassis.errors import Conflict, RuleBroken
from chassis.mailbox import mailbox_tables
from chassis.subscriptions import Meta, Told, batch, subscribe
from chassis.trail import Entry
from liheng.customer.v1.events_pb2 import KycApproved, KycRejected

METADATA = sa.MetaData()
MAILBOX = mailbox_tables(METADATA)
ENTRIES = sa.Table(
    "entries",
    METADATA,
    sa.Column("number", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
)


class LedgerWork:
    def __init__(self, session: Session) -> None:
        self.session = session

    def already_handled(self, message_id: str) -> bool:
        return not MAILBOX.note(self.session.connection(), message_id)

    def unhandled(self, message_ids: Sequence[str]) -> set[str]:
        return MAILBOX.note_all(self.session.connection(), message_ids)

    def record(self, entry: Entry) -> None:
        """Nothing it does needs one."""

    def commit(self) -> None:
        self.session.commit()


@dataclass(frozen=True)
class Write:
    subject: str
    sequence: int
    tries: int = 1
    pause: float = 0.0


def write(command: Write, work: LedgerWork) -> None:
    work.session.execute(sa.select(sa.func.pg_sleep(command.pause)))
    row = {"subject": command.subject, "sequence": command.sequence, "tries": command.tries}
    work.session.execute(ENTRIES.insert().values(row))


def write_all(commands: Sequence[Write], work: LedgerWork) -> None:
    """One statement; *tries* says how many were written with it."""
    rows = [
        {"subject": each.subject, "sequence": each.sequence, "tries": len(commands)}
        for each in commands
    ]
    work.session.execute(ENTRIES.insert(), rows)


class BatchLedger:
    """Takes all there are at once, and fails with any that it is told to fail with."""

    name = "ledger"

    run = RunUseCase()

    @batch(KycApproved, KycRejected)
    def told(self, told: Sequence[Told]) -> None:
        for each in told:
            obey(each.event)
        commands = {
            each.meta.event_id: Write(each.meta.subject, each.meta.sequence) for each in told
        }
        self.run.together(write_all, commands)


def obey(event: KycApproved | KycRejected) -> None:
    reason = event.reason if isinstance(event, KycRejected) else ""
    if reason == "refuse":
        raise RuleBroken("never", "this must never be", "绝不可以")
    if reason == "break":
        raise LookupError("broken")
    if reason == "die":
        os.kill(os.getpid(), signal.SIGKILL)


class Ledger:
    name = "ledger"
    tries: ClassVar[Counter[str]] = Counter()  # of this process, by subject

    run = RunUseCase()

    @subscribe(KycApproved)
    def approved(self, event: KycApproved, meta: Meta) -> None:
        self.run(write, Write(meta.subject, meta.sequence), once=meta.event_id)

    @subscribe(KycRejected)
    def rejected(self, event: KycRejected, meta: Meta) -> None:
        """The reason of the rejection is what shall happen here."""
        self.tries[meta.subject] += 1
        tries = self.tries[meta.subject]
        if event.reason == "refuse":
            raise RuleBroken("never", "this must never be", "绝不可以")
        if event.reason == "break":
            raise LookupError(f"broken {tries}")
        if event.reason == "lose a race" and tries < 3:
            raise Conflict("changed_meanwhile", "somebody was faster", "已被他人修改")
        if event.reason == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        pause = 1.0 if event.reason == "take long" else 0.0
        command = Write(meta.subject, meta.sequence, tries, pause)
        self.run(write, command, once=meta.event_id)
