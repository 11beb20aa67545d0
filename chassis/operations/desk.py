"""One operator at a time at the dead letters of a service; what they do is written down first.

A letter leaves only after the broker has confirmed that it waits in the inbox, or after it is
written down why it may be forgotten. An entry may tell of one act more than happened, when a
process dies in between, and never of one less.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any

import sqlalchemy as sa

from chassis import topology
from chassis.dead_letters import DeadLetter, Letters, event_id_of, letters_of
from chassis.errors import Conflict, Invalid, NotFound
from chassis.publishing import Publisher
from chassis.redirection import ATTEMPT, resend
from chassis.trail.entry import Details, Entry, code
from chassis.trail.writing import write

ONE_AT_A_TIME = 5_018_332_909  # advisory lock; every service has a database of its own
TRIES, PAUSE_SECONDS = 100, 0.1
NOT_THERE = "not_there"

Settle = Callable[[Any], None]


@dataclass(frozen=True)
class LetterPage:
    letters: list[DeadLetter]
    more: bool
    waiting: int


class Desk:
    """Of one service. Raises NotFound, Conflict, Invalid, or one of BROKER_ERRORS.

    Whoever looks goes through all of them: what is given back goes behind what was not taken.
    """

    def __init__(self, service: str, amqp_url: str, bound: sa.Engine) -> None:
        self._service = service
        self._amqp_url = amqp_url
        self._engine = bound

    def page(self, type_: str = "", reason: str = "", after: int = 0, limit: int = 0) -> LetterPage:
        """Without a limit: all. *after*: so many of those that are wanted are passed over."""
        with self._seated() as seat:
            seat.note("dead_letters.listed", "", {"letters": seat.letters.waiting})
            wanted = [
                one
                for one in map(DeadLetter.of, seat.letters)
                if type_ in ("", one.event_type) and reason in ("", one.reason)
            ]
        found = wanted[after:]
        return LetterPage(found[: limit or None], 0 < limit < len(found), seat.letters.waiting)

    def show(self, event_id: str) -> Any:
        """The message as the broker has it."""
        with self._seated() as seat:
            found = [one for one in seat.letters if event_id_of(one) == event_id]
            if found:
                seat.note("dead_letter.read", event_id, _told(found[0]))
                return found[0]
        raise NotFound(
            "no_such_dead_letter",
            f"there is no dead letter {event_id}",
            f"没有死信 {event_id}",
            field="event_id",
        )

    def replay(self, event_ids: Sequence[str]) -> dict[str, str]:
        """Outcomes by event id. Without ids: all there are now."""
        publisher = Publisher(self._amqp_url)
        inbox = topology.inbox_of(self._service)
        try:
            with self._seated() as seat:

                def put_back(message: Any) -> None:
                    seat.note("dead_letter.replayed", event_id_of(message), _told(message))
                    publisher.deliver(resend(message, inbox, {ATTEMPT: 1}))

                return _settled(seat.letters, event_ids, put_back, "replayed")
        finally:
            publisher.close()

    def discard(self, event_ids: Sequence[str], reason: str) -> dict[str, str]:
        check_reason(reason)
        with self._seated() as seat:

            def note(message: Any) -> None:
                told = {**_told(message), "said": reason}
                seat.note("dead_letter.discarded", event_id_of(message), told)

            return _settled(seat.letters, event_ids, note, "discarded")

    @contextmanager
    def _seated(self) -> Iterator["Seat"]:
        with self._engine.connect() as connection:
            _await_turn(connection)
            try:
                with letters_of(self._service, self._amqp_url) as letters:
                    yield Seat(connection, letters)
            finally:
                connection.rollback()
                connection.execute(sa.select(sa.func.pg_advisory_unlock(ONE_AT_A_TIME)))
                connection.commit()


@dataclass(frozen=True)
class Seat:
    connection: sa.Connection
    letters: Letters

    def note(self, action: str, event_id: str, told: Details) -> None:
        write(self.connection, [Entry(action=action, subject=code(event_id), details=told)])
        self.connection.commit()


def check_reason(reason: str) -> None:
    """It goes into the trail, which holds no sentences: they may be about a client."""
    if not code(reason):
        raise Invalid(
            "reason_not_a_code",
            "a reason is a code or the number of a ticket, such as duplicate or ticket:4711:"
            " it is kept in the trail, which holds no sentences",
            "原因须为代码或工单号，如 duplicate 或 ticket:4711：审计日志不保存自由文本",
            field="reason",
        )


def _await_turn(connection: sa.Connection) -> None:
    pause = Event()
    for _ in range(TRIES):
        ours = connection.execute(sa.select(sa.func.pg_try_advisory_lock(ONE_AT_A_TIME))).scalar()
        connection.commit()
        if ours:
            return
        pause.wait(PAUSE_SECONDS)
    raise Conflict(
        "dead_letters_in_use",
        "somebody else is at these dead letters; try again shortly",
        "其他人正在处理该死信队列，请稍后重试",
    )


def _settled(
    letters: Letters, event_ids: Sequence[str], settle: Settle, done: str
) -> dict[str, str]:
    outcomes = dict.fromkeys(event_ids, NOT_THERE)
    for message in letters:
        event_id = event_id_of(message)
        if not event_ids or event_id in outcomes:
            settle(message)
            letters.let_go(message)
            outcomes[event_id] = done
    return outcomes


def _told(message: Any) -> Details:
    letter = DeadLetter.of(message)
    return {"type": code(letter.event_type), "reason": code(letter.reason)}
