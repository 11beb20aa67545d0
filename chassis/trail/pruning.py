"""Let go of what has been kept long enough, from the beginning of the chain."""

from datetime import datetime, timedelta

import psycopg
from psycopg.rows import dict_row

from chassis.outbox import conninfo
from chassis.trail.ledger import LEADERSHIP

BATCH = 500

OLDEST = """
SELECT l.position, l.entry_id, l.digest, e.at FROM trail_links AS l
LEFT JOIN trail_entries AS e USING (entry_id) ORDER BY l.position LIMIT %s
"""
CUT = "INSERT INTO trail_cuts (position, digest, at) VALUES (%s, %s, %s)"
LET_GO = "DELETE FROM trail_entries WHERE entry_id = ANY(%s)"
UNLINK = "DELETE FROM trail_links WHERE position <= %s"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(%s)"


class Incomplete(Exception):
    """An entry at the beginning of the chain is gone: verify before anything else goes."""


def prune(database_url: str, kept_days: int, now: datetime) -> int:
    """Remove entries older than *kept_days* with their links, a few at a time; how many went.

    The last link that goes leaves a cut, which the rest of the chain hangs on.
    """
    gone, went = 0, -1
    with psycopg.connect(conninfo(database_url), row_factory=dict_row) as session:
        while went:
            with session.transaction():
                went = _prune_some(session, now - timedelta(days=kept_days), now)
            gone += went
    return gone


def _prune_some(
    session: psycopg.Connection[dict[str, object]], before: datetime, now: datetime
) -> int:
    session.execute(ONE_AT_A_TIME, [LEADERSHIP + 1])
    old = []
    for link in session.execute(OLDEST, [BATCH]):
        at = link["at"]
        if at is None:
            raise Incomplete(f"entry {link['entry_id']} of position {link['position']} is gone")
        assert isinstance(at, datetime)
        if at >= before:
            break
        old.append(link)
    if old:
        last = old[-1]
        session.execute(CUT, [last["position"], last["digest"], now])
        session.execute(LET_GO, [[link["entry_id"] for link in old]])
        session.execute(UNLINK, [last["position"]])
    return len(old)
