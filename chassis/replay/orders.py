"""Ask for a replay, look at it, end it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any

import psycopg
from psycopg.rows import class_row

from chassis.errors import Conflict, Invalid, NotFound
from chassis.ids import new_id
from chassis.replay.log import Bounds, bounds, first_since, last_until

Session = psycopg.Connection[Any]

MOST_TYPES = 100
LOG_PAUSES, LOG_PAUSE_SECONDS = 50, 0.1

ADD = """
INSERT INTO replays (replay_id, queue, types, subject, first, last, rate, position, sent, state,
    problem, due_at, requested_by, requested_at, ended_at)
VALUES (%(replay_id)s, %(queue)s, %(types)s, %(subject)s, %(first)s, %(last)s, %(rate)s,
    %(position)s, 0, 'running', '', clock_timestamp(), %(requested_by)s, clock_timestamp(), NULL)
ON CONFLICT (replay_id) DO NOTHING
"""
FIND = "SELECT * FROM replays WHERE replay_id = %s"
NEWEST = """
SELECT * FROM replays
WHERE %(before)s = '' OR (requested_at, replay_id) <
    (SELECT requested_at, replay_id FROM replays WHERE replay_id = %(before)s)
ORDER BY requested_at DESC, replay_id DESC LIMIT %(limit)s
"""
NEWEST_WAITING = "SELECT max(id) FROM outbox WHERE returned_at IS NULL"
STILL_WAITING = "SELECT 1 FROM outbox WHERE id <= %s AND returned_at IS NULL LIMIT 1"
CANCEL = """
UPDATE replays SET state = 'cancelled', ended_at = clock_timestamp()
WHERE replay_id = %s AND state = 'running'
"""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be replayed, into which queue. A bound that is not given is that of the log.

    *first* and *last* are positions, both included; *since* and *until* moments of publication.
    """

    queue: str
    types: Sequence[str] = ()
    subject: str = ""
    first: int | None = None
    last: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    rate: int = 0  # events a second at most; 0: as fast as the broker takes them


@dataclass(frozen=True, kw_only=True)
class Replay:
    replay_id: str
    queue: str
    types: list[str]
    subject: str
    first: int
    last: int
    rate: int
    position: int
    sent: int
    state: str
    problem: str
    due_at: datetime
    requested_by: str
    requested_at: datetime
    ended_at: datetime | None

    @property
    def share(self) -> float:
        """How much of the range is dealt with, from 0 to 1."""
        whole = self.last - self.first + 1
        return (self.position - self.first + 1) / whole if whole > 0 else 1.0


def order(session: Session, wanted: Order, by: str, replay_id: str = "") -> Replay:
    """Invalid when it makes no sense. Whoever runs a relay of this service carries it out."""
    _refuse_nonsense(wanted)
    await_log(session)
    there = bounds(session)
    first, last = _from(session, wanted, there), _to(session, wanted, there)
    told = {
        "replay_id": replay_id or new_id(),
        "queue": wanted.queue,
        "types": sorted(set(wanted.types)),
        "subject": wanted.subject,
        "first": first,
        "last": max(last, first - 1),
        "rate": wanted.rate,
        "position": first - 1,
        "requested_by": by,
    }
    session.execute(ADD, told)
    return find(session, str(told["replay_id"]))


def await_log(session: Session) -> None:
    """Until what waited to be published is in the log, or the relay is away.

    A consumer may have applied an event a moment before it is in the log.
    """
    (newest,) = session.execute(NEWEST_WAITING).fetchone() or (None,)
    pause = Event()
    for _ in range(LOG_PAUSES if newest else 0):
        if session.execute(STILL_WAITING, [newest]).fetchone() is None:
            return
        pause.wait(LOG_PAUSE_SECONDS)


def find(session: Session, replay_id: str) -> Replay:
    with session.cursor(row_factory=class_row(Replay)) as cursor:
        found = cursor.execute(FIND, [replay_id]).fetchone()
    if found is None:
        raise NotFound("no_such_replay", f"there is no replay {replay_id}", f"没有重放 {replay_id}")
    return found


def newest(session: Session, limit: int, before: str = "") -> list[Replay]:
    with session.cursor(row_factory=class_row(Replay)) as cursor:
        return cursor.execute(NEWEST, {"before": before, "limit": limit}).fetchall()


def cancel(session: Session, replay_id: str) -> Replay:
    """What was sent stays sent."""
    cancelled = session.execute(CANCEL, [replay_id]).rowcount
    replay = find(session, replay_id)
    if not cancelled:
        raise Conflict("replay_ended", f"this replay is {replay.state} already", "该重放已经结束")
    return replay


def _refuse_nonsense(wanted: Order) -> None:
    if not wanted.queue.strip():
        raise Invalid("no_queue", "say into which queue", "请指定目标队列", field="queue")
    if wanted.rate < 0:
        raise Invalid("negative_rate", "a rate is 0 or more", "速率不能为负数", field="rate")
    if len(wanted.types) > MOST_TYPES:
        raise Invalid(
            "too_many_types",
            f"at most {MOST_TYPES} types",
            f"类型最多{MOST_TYPES}个",
            field="types",
        )
    _refuse_backwards(wanted.first, wanted.last, "first")
    _refuse_backwards(wanted.since, wanted.until, "since")


def _refuse_backwards(start: Any, end: Any, field: str) -> None:
    if start is not None and end is not None and start > end:
        raise Invalid("backwards", f"{start} lies behind {end}", "起点晚于终点", field=field)


def _from(session: Session, wanted: Order, there: Bounds) -> int:
    """Where what was asked for begins; behind the end of the log when nothing of it is there."""
    first = max(wanted.first or there.first, there.first)
    if wanted.since is None:
        return first
    since = first_since(session, wanted.since)
    return there.last + 1 if since is None else max(first, since)


def _to(session: Session, wanted: Order, there: Bounds) -> int:
    last = there.last if wanted.last is None else min(wanted.last, there.last)
    if wanted.until is None:
        return last
    until = last_until(session, wanted.until)
    return 0 if until is None else min(last, until)
