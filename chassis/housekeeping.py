"""What the relay that leads does once an hour, so that event log and inbox do not grow for ever.

Neither blocks whoever announces or applies: the log goes month by month, the inbox in batches.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg

from chassis.ids import first_id_of
from chassis.log_months import let_go, prepare, this_moment

BATCH, BATCHES = 1000, 100  # of ids, an hour: events wait meanwhile

# Beside its age, so that an old event which was applied just now is not forgotten at once.
LEAST_REMEMBERED = timedelta(days=7)

MOVE_HORIZON = """
WITH moved AS (
    UPDATE inbox_horizon SET message_id = greatest(message_id, %(oldest)s) RETURNING 1
)
INSERT INTO inbox_horizon SELECT %(oldest)s WHERE NOT EXISTS (SELECT 1 FROM moved)
"""

FORGET = """
DELETE FROM inbox WHERE message_id IN (
    SELECT message_id FROM inbox WHERE message_id < %(oldest)s AND handled_at < %(applied)s
    ORDER BY message_id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
)
"""

Session = psycopg.Connection[Any]


@dataclass(frozen=True)
class Kept:
    """How long: published events in whole months, ids of applied ones in days."""

    log_months: int
    inbox_days: int


FOR_LONG = Kept(log_months=24, inbox_days=90)


def keep_house(session: Session, kept: Kept) -> None:
    prepare(session)
    let_go(session, kept.log_months)
    forget(session, kept.inbox_days)


def forget(session: Session, days: int) -> int:
    """Ids of applied events older than *days*. First it is said that they may be missing."""
    now = this_moment(session)
    told = {
        "oldest": first_id_of(now - timedelta(days=days)),
        "applied": now - LEAST_REMEMBERED,
        "batch": BATCH,
    }
    session.execute(MOVE_HORIZON, told)
    forgotten = 0
    for _ in range(BATCHES):
        gone = session.execute(FORGET, told).rowcount
        forgotten += gone
        if gone < BATCH:
            break
    return forgotten
