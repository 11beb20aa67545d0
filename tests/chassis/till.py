"""A gRPC service for tests that counts what it did, and dies at the step it is told to.

python -m tests.chassis.till DATABASE_URL CALLER_KEY STEP   (prints its port)
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import grpc
import sqlalchemy as sa
from google.protobuf.message import Message
from sqlalchemy.orm import Session

from chassis import rpc
from chassis.answer_rows import answers_table
from chassis.answers import Answers, Asking, Claim, Stored
from chassis.database import Engines, SqlWork, begin, engine, read_engine
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, RuleBroken
from chassis.identity import CallerVerifier
from chassis.runner import Runner
from chassis.service import RpcPart
from chassis.subjects import NOBODY, Subjects
from liheng.customer.v1 import customer_pb2 as pb
from liheng.customer.v1.customer_pb2_grpc import (
    CustomerServiceServicer,
    add_CustomerServiceServicer_to_server,
)
from tests.chassis.ledger import ENTRIES, MAILBOX, METADATA

ANSWERS = answers_table(METADATA)
REFUSALS: dict[str, type[Refusal]] = {
    kind.__name__: kind for kind in (Conflict, Forbidden, Invalid, NotFound, RuleBroken)
}


class TillWork(SqlWork[Message]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, MAILBOX, lambda message: message, "till")


@dataclass(frozen=True)
class Take:
    subject: str
    how: str


def take(command: Take, work: TillWork) -> None:
    row = {"subject": command.subject, "sequence": 1, "tries": 1}
    work.session.execute(ENTRIES.insert().values(row))
    if command.how == "slowly":
        work.session.execute(sa.select(sa.func.pg_sleep(0.5)))
    if command.how == "die":
        die()
    if command.how == "break":
        raise LookupError("broken")
    if command.how in REFUSALS:
        raise REFUSALS[command.how]("refused", "no", "不行", rule="T-01", field="reason")


class Till(CustomerServiceServicer):
    """RejectKyc takes once more; the reason says how. StartImport takes a stream."""

    def __init__(self, engines: Engines) -> None:
        self._run = Runner(begin(engines.writes, TillWork))

    def RejectKyc(
        self, request: pb.RejectKycRequest, context: grpc.ServicerContext
    ) -> pb.RejectKycResponse:
        self._run(take, Take(request.customer_id, request.reason))
        return pb.RejectKycResponse()

    def PutStaff(
        self, request: pb.PutStaffRequest, context: grpc.ServicerContext
    ) -> pb.PutStaffResponse:
        self._run(take, Take(request.staff.staff_id, ""))
        return pb.PutStaffResponse(changed=True)

    def StartImport(
        self, request_iterator: Iterator[pb.StartImportRequest], context: grpc.ServicerContext
    ) -> pb.StartImportResponse:
        content = b"".join(piece.chunk for piece in request_iterator)
        self._run(take, Take("book", ""))
        return pb.StartImportResponse(import_id=f"i-{len(content)}")


class Mortal(Answers):
    """Dies around what it keeps."""

    def __init__(self, bound: sa.Engine, step: str) -> None:
        super().__init__(bound)
        self._step = step

    def claim(self, asking: Asking, seconds: float) -> Claim | Stored:
        claimed = super().claim(asking, seconds)
        if self._step == "claimed":
            die()
        return claimed

    def answered(self, claim: Claim, answer: bytes, about: Subjects = NOBODY) -> None:
        if self._step == "applied":
            die()
        super().answered(claim, answer, about)
        if self._step == "answered":
            die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def part(database_url: str, step: str = "") -> RpcPart:
    engines = Engines(engine(database_url, ping=True), read_engine(database_url))
    return RpcPart(
        name="till",
        address="127.0.0.1:0",
        register=lambda server: add_CustomerServiceServicer_to_server(
            Till(engines),  # type: ignore[abstract]
            server,
        ),
        services=(),
        ready=engines.reachable,
        close=engines.close,
        answers=Mortal(engines.reads, step),
    )


if __name__ == "__main__":
    running = rpc.start(part(sys.argv[1], sys.argv[3]), CallerVerifier(sys.argv[2]))
    sys.stdout.write(f"{running.port}\n")
    sys.stdout.flush()
    threading.Event().wait()
