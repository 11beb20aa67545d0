"""Order and cancel a replay, and write down who did: in one transaction."""

import sqlalchemy as sa
from amqp.exceptions import NotFound as NoSuchQueue

from chassis import topology
from chassis.errors import Conflict, Invalid, NotFound
from chassis.replay.orders import Order, Replay, Session, cancel, find, order
from chassis.trail.entry import Details, Entry, code
from chassis.trail.writing import write


def ordered(
    bound: sa.Engine, wanted: Order, by: str, replay_id: str = "", *, empty: bool = True
) -> Replay:
    """The same again, under the same id, is the same replay. Invalid when nothing is in the
    range, unless it may be *empty*."""
    with bound.begin() as connection:
        session = _session(connection)
        before = known(session, replay_id)
        if before:
            return _same(before, wanted)
        replay = order(session, wanted, by, replay_id)
        if not empty:
            _refuse_empty(replay)
        told: Details = {"queue": code(replay.queue), "first": replay.first, "last": replay.last}
        more: Details = {
            "types": [code(name) for name in replay.types],
            "about": code(replay.subject),
        }
        entry = Entry(action="replay.ordered", subject=replay.replay_id, details={**told, **more})
        write(connection, [entry])
    return replay


def cancelled(bound: sa.Engine, replay_id: str) -> Replay:
    with bound.begin() as connection:
        replay = cancel(_session(connection), replay_id)
        told: Details = {"queue": code(replay.queue), "sent": replay.sent}
        write(connection, [Entry(action="replay.cancelled", subject=replay_id, details=told)])
    return replay


def _refuse_empty(replay: Replay) -> None:
    if replay.last < replay.first:
        raise Invalid(
            "nothing_in_range",
            "the log holds nothing in this range",
            "该范围内没有已发布的事件",
            field="first",
        )


def check_queue(amqp_url: str, queue: str) -> None:
    """Invalid when nobody has made it."""
    try:
        with topology.connected(amqp_url) as connection:
            connection.channel().queue_declare(queue, passive=True)
    except NoSuchQueue:
        raise Invalid(
            "no_such_queue", f"there is no queue {queue}", f"没有队列 {queue}", field="queue"
        ) from None


def _session(connection: sa.Connection) -> Session:
    """What SQLAlchemy speaks through; in its transaction."""
    return connection.connection.driver_connection  # type: ignore[return-value]


def known(session: Session, replay_id: str) -> Replay | None:
    try:
        return find(session, replay_id) if replay_id else None
    except NotFound:
        return None


def _same(before: Replay, wanted: Order) -> Replay:
    asked = (wanted.queue, sorted(set(wanted.types)), wanted.subject, wanted.rate)
    if asked != (before.queue, before.types, before.subject, before.rate):
        raise Conflict(
            "another_replay",
            "under this key another replay was ordered",
            "该幂等键已用于另一个重放请求",
        )
    return before
