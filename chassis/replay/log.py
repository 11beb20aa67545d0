"""Reading an event log: where a moment lies in it, and what comes behind a position."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from chassis.envelope import Outgoing

Session = psycopg.Connection[Any]

BOUNDS = """
SELECT coalesce((SELECT position FROM event_log ORDER BY position LIMIT 1), head.position + 1)
       AS first, head.position AS last
FROM event_log_head AS head
"""

FROM_MOMENT = """
SELECT position FROM event_log WHERE logged_at >= %s ORDER BY logged_at, position LIMIT 1
"""

TO_MOMENT = """
SELECT position FROM event_log WHERE logged_at <= %s
ORDER BY logged_at DESC, position DESC LIMIT 1
"""

PAGE = """
SELECT position, sequence, event_id, type, subject, source, body, headers, occurred_at
FROM event_log
WHERE position > %(after)s AND position <= %(last)s
  AND (%(types)s::text[] = '{{}}' OR type = ANY(%(types)s)) {about}
ORDER BY position LIMIT %(limit)s
"""
ABOUT = "AND subject = %(subject)s"


@dataclass(frozen=True)
class Logged:
    """An event, its position in the log and the sequence it was published with."""

    position: int
    sequence: int
    event: Outgoing


@dataclass(frozen=True)
class Bounds:
    """The first position that is still kept, and the last there is; first > last: empty."""

    first: int
    last: int


def bounds(session: Session) -> Bounds:
    found = _rows(session, BOUNDS)
    return Bounds(**found[0]) if found else Bounds(1, 0)


def first_since(session: Session, moment: datetime) -> int | None:
    """The position of the first event that was published then or later."""
    found = _rows(session, FROM_MOMENT, [moment])
    return found[0]["position"] if found else None


def last_until(session: Session, moment: datetime) -> int | None:
    """The position of the last event that was published then or before."""
    found = _rows(session, TO_MOMENT, [moment])
    return found[0]["position"] if found else None


def page(
    session: Session, after: int, last: int, types: Sequence[str], subject: str, limit: int
) -> list[Logged]:
    """The next events behind *after* up to *last*; of all types, or all subjects, when empty."""
    statement = PAGE.format(about=ABOUT if subject else "")
    asked = {"after": after, "last": last, "limit": limit, "subject": subject}
    found = _rows(session, statement, {**asked, "types": list(types)})
    return [_logged(row) for row in found]


def _rows(session: Session, statement: str, values: Any = None) -> list[dict[str, Any]]:
    with session.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, values).fetchall()


def _logged(row: dict[str, Any]) -> Logged:
    event = Outgoing(
        event_id=row["event_id"],
        type=row["type"],
        subject=row["subject"],
        source=row["source"],
        time=row["occurred_at"],
        body=row["body"],
        headers=row["headers"],
    )
    return Logged(row["position"], row["sequence"], event)
