"""The months of an event log: made before they are needed, let go of when they are old."""

import logging
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.errors import LockNotAvailable
from psycopg.rows import scalar_row

from chassis.event_log import Month

log = logging.getLogger(__name__)

MONTHS_AHEAD = 2

HEAD = """
INSERT INTO event_log_head (position, logged_at)
SELECT 0, '1970-01-01' WHERE NOT EXISTS (SELECT 1 FROM event_log_head)
"""

THERE = """
SELECT child.relname::text FROM pg_inherits
JOIN pg_class child ON child.oid = inhrelid
WHERE inhparent = 'event_log'::regclass ORDER BY child.relname
"""

MAKE = "CREATE TABLE IF NOT EXISTS {} PARTITION OF event_log FOR VALUES FROM ({}) TO ({})"
DROP = "DROP TABLE IF EXISTS {}"
NOT_FOR_LONG = "SET LOCAL lock_timeout = '2s'"

Session = psycopg.Connection[Any]


def prepare(session: Session) -> None:
    """Idempotent; called by the relay that leads, and by migrations."""
    session.execute(HEAD)
    this, there = this_month(session), months(session)
    for month in (this.later(ahead) for ahead in range(MONTHS_AHEAD + 1)):
        if month not in there:
            make(session, month)


def make(session: Session, month: Month) -> None:
    bounds = (sql.Literal(f"{each.first_day} 00:00:00+00") for each in (month, month.later(1)))
    session.execute(sql.SQL(MAKE).format(sql.Identifier(month.partition), *bounds))


def let_go(session: Session, kept_months: int) -> None:
    """Of months that ended *kept_months* ago or earlier; one that is being read waits."""
    oldest_kept = this_month(session).later(-kept_months)
    for month in months(session):
        if month < oldest_kept:
            _drop(session, month)


def months(session: Session) -> list[Month]:
    """Those that are there, oldest first."""
    with session.cursor(row_factory=scalar_row) as cursor:
        return [Month.named(name) for name in cursor.execute(THERE)]


def this_month(session: Session) -> Month:
    return Month.of(this_moment(session))


def this_moment(session: Session) -> datetime:
    """By the database's clock: it is the one that events are logged by."""
    with session.cursor(row_factory=scalar_row) as cursor:
        moment: datetime
        (moment,) = cursor.execute("SELECT clock_timestamp()").fetchall()
    return moment


def _drop(session: Session, month: Month) -> None:
    try:
        with session.transaction():
            session.execute(NOT_FOR_LONG)
            session.execute(sql.SQL(DROP).format(sql.Identifier(month.partition)))
        log.info("events of %s are let go of", month.first_day)
    except LockNotAvailable:
        log.info("events of %s are being read; they are let go of later", month.first_day)
