"""Events that come back later, and who must not overtake them: younger ones about the same."""

import time
from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from chassis.database import engine
from chassis.envelope import Incoming, Meta
from chassis.mailbox import waiting_table

LONGEST = 3600.0  # seconds until an event that never came back, say from a purged queue, is let go

WAITING = waiting_table(sa.MetaData())
SECONDS_LEFT = sa.func.extract("epoch", WAITING.c.until - sa.func.now())


@dataclass(frozen=True)
class Waiting:
    sequence: int
    delay: float  # seconds of the retry queue it was put into
    until: float  # by the monotonic clock


class WaitingRoom:
    """Which events of one service wait, by what they are about.

    Kept in the service's database, so that the next process knows; read when this process is
    first given an event, since until then another one may have been active.
    """

    def __init__(self, database_url: str) -> None:
        self._engine = engine(database_url, connections=1)
        self._by_subject: defaultdict[tuple[str, str], dict[str, Waiting]] = defaultdict(dict)
        self._known = False

    def forget(self) -> None:
        """Another process may be active from now on."""
        self._known = False

    def may_concern(self, source: str, subject: str) -> bool:
        """Without asking the database."""
        return not self._known or (source, subject) in self._by_subject

    def delay_of_elder(self, meta: Meta) -> float | None:
        """How long the eldest waits that *meta* must not overtake; None when there is none."""
        if not self._known:
            self._read()
        now, about = time.monotonic(), self._by_subject.get((meta.source, meta.subject), {})
        elders = [each for each in about.values() if each.sequence < meta.sequence]
        alive = [each for each in elders if each.until > now]
        return min(alive, key=lambda each: each.sequence).delay if alive else None

    def enter(self, incoming: Incoming, delay: float) -> None:
        """It is about to be put into the retry queue of *delay* seconds."""
        meta = incoming.meta
        row = {
            "message_id": meta.event_id,
            "source": meta.source,
            "subject": meta.subject,
            "sequence": meta.sequence,
            "delay": delay,
            "until": sa.func.now() + sa.func.make_interval(0, 0, 0, 0, 0, 0, LONGEST),
        }
        again = {"delay": row["delay"], "until": row["until"]}
        entered = (
            insert(WAITING).values(row).on_conflict_do_update("inbox_waiting_pkey", set_=again)
        )
        with self._engine.begin() as connection:
            connection.execute(entered)
        self._add(meta.source, meta.subject, meta.event_id, meta.sequence, delay, LONGEST)

    def leave(self, meta: Meta) -> None:
        """It was applied, is a dead letter, or has its last chance; unknown is fine."""
        about = (meta.source, meta.subject)
        if meta.event_id not in self._by_subject.get(about, {}):
            return
        with self._engine.begin() as connection:
            connection.execute(WAITING.delete().where(WAITING.c.message_id == meta.event_id))
        del self._by_subject[about][meta.event_id]
        if not self._by_subject[about]:
            del self._by_subject[about]

    def _read(self) -> None:
        columns = WAITING.c
        with self._engine.begin() as connection:
            connection.execute(WAITING.delete().where(columns.until < sa.func.now()))
            rows = connection.execute(
                sa.select(
                    columns.source,
                    columns.subject,
                    columns.message_id,
                    columns.sequence,
                    columns.delay,
                    SECONDS_LEFT,
                )
            ).all()
        self._by_subject.clear()
        for row in rows:
            self._add(*row)
        self._known = True

    def _add(
        self, source: str, subject: str, event_id: str, sequence: int, delay: float, left: float
    ) -> None:
        waiting = Waiting(sequence, delay, time.monotonic() + float(left))
        self._by_subject[source, subject][event_id] = waiting
