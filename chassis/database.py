"""PostgreSQL: engines, and the unit of work every service builds on."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

import sqlalchemy as sa
from google.protobuf.message import Message
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from chassis.answers import mark_applied
from chassis.config import ServiceConfig
from chassis.deadline import seconds_left
from chassis.envelope import Outgoing
from chassis.errors import Conflict
from chassis.mailbox import Mailbox
from chassis.opening import DRIVER, open_with, opened_by_us
from chassis.standing import asked_when_in_doubt
from chassis.trail import Entry
from chassis.trail.origin import Origin
from chassis.trail.writing import write
from chassis.versions import changed_meanwhile, refuse_unchecked

E = TypeVar("E")
W = TypeVar("W")

UNIQUE_VIOLATION = "23505"
STATEMENT_SECONDS = 30


def engine(url: str, *, connections: int = 8, ping: bool = False) -> sa.Engine:
    """For writes: transactions, and a pool as large as the threads that use it.

    With *ping*, a connection is tried before it is used: for callers who cannot try again.
    """
    bound = sa.create_engine(
        driver_url(url),
        pool_size=connections,
        max_overflow=2,
        pool_pre_ping=ping,
        pool_timeout=10,
        hide_parameters=True,  # they may be personal data, and errors are logged
        connect_args=connect_args() | DRIVER,
    )
    return opened_by_us(asked_when_in_doubt(bound))


def read_engine(url: str, *, connections: int = 8) -> sa.Engine:
    """For single-statement reads: no BEGIN, no COMMIT."""
    return asked_when_in_doubt(
        sa.create_engine(
            driver_url(url),
            pool_size=connections,
            max_overflow=2,
            pool_pre_ping=True,
            pool_timeout=10,
            isolation_level="AUTOCOMMIT",
            skip_autocommit_rollback=True,
            hide_parameters=True,
            connect_args=connect_args(),
        )
    )


@dataclass(frozen=True)
class Engines:
    """What a gRPC server works on: one engine that writes, one that reads."""

    writes: sa.Engine
    reads: sa.Engine

    @classmethod
    def of(cls, config: ServiceConfig) -> "Engines":
        url, threads = config.database_url, config.rpc_threads
        return cls(
            engine(url, connections=threads, ping=True), read_engine(url, connections=threads)
        )

    def reachable(self) -> bool:
        """For readiness: the database answers."""
        try:
            with self.reads.connect() as connection:
                connection.execute(sa.text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        self.writes.dispose()
        self.reads.dispose()


def driver_url(url: str) -> sa.URL:
    return sa.make_url(url).set(drivername="postgresql+psycopg")


def connect_args() -> dict[str, str | int]:
    timeout = STATEMENT_SECONDS * 1000
    return {"connect_timeout": 5, "options": f"-c statement_timeout={timeout} -c timezone=UTC"}


class SqlWork(Generic[E]):
    """One transaction; what it announces is committed with what it did.

    *to_message* says a domain event in the words of the contract; *source* is the
    announcing service.
    """

    def __init__(
        self, session: Session, mailbox: Mailbox, to_message: Callable[[E], Message], source: str
    ) -> None:
        self.session = session
        self._mailbox = mailbox
        self._to_message = to_message
        self._source = source
        self._announced: list[E] = []
        self._recorded: list[Entry] = []

    def already_handled(self, message_id: str) -> bool:
        return not self._mailbox.note(self.session.connection(), message_id)

    def unhandled(self, message_ids: Sequence[str]) -> set[str]:
        return self._mailbox.note_all(self.session.connection(), message_ids)

    def announce(self, event: E) -> None:
        self._announced.append(event)

    def record(self, entry: Entry) -> None:
        self._recorded.append(entry)

    def commit(self) -> None:
        """Flush first: the row locks it takes put the events of one aggregate in order."""
        refuse_unchecked()
        self.session.flush()
        mark_applied(self.session.connection())
        outgoing = [
            Outgoing.of(self._to_message(event), source=self._source) for event in self._announced
        ]
        if outgoing:
            self._mailbox.put(self.session.connection(), outgoing)
        if self._recorded:
            write(self.session.connection(), self._recorded)
        self.session.commit()
        self._announced.clear()
        self._recorded.clear()


def begin(
    bound: sa.Engine, make: Callable[[Session], W]
) -> Callable[[], AbstractContextManager[W]]:
    """Units of work on *bound*; whatever is not committed is rolled back."""
    sessions = sessionmaker(bound, expire_on_commit=False)

    @contextmanager
    def work() -> Iterator[W]:
        with sessions() as session, conflicts():
            introduce(session)
            yield make(session)

    return work


def introduce(session: Session) -> None:
    """Tell the transaction who acts, for the trail, and how long its statements may take."""
    settings = {"liheng.trail": Origin.now().told()}
    left = seconds_left()
    if left is not None and left < STATEMENT_SECONDS:
        settings["statement_timeout"] = str(int(left * 1000))
    open_with(session, **settings)


@contextmanager
def conflicts() -> Iterator[None]:
    """Somebody was faster: say so, instead of failing."""
    try:
        yield
    except StaleDataError as error:
        raise changed_meanwhile() from error
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", "") != UNIQUE_VIOLATION:
            raise
        raise already_exists() from error


def already_exists() -> Conflict:
    return Conflict(
        "already_exists",
        "this exists already; read it and try again",
        "该记录已存在，请重新读取后再试",
    )
