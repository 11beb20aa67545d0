"""Does the chain hold? If not: where it first breaks, and how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psycopg
from psycopg.rows import dict_row

from chassis.outbox import conninfo
from chassis.trail.chain import ENTRY, Head, genesis, linked

BATCH = 2000

CUT = "SELECT position, digest FROM trail_cuts ORDER BY position DESC LIMIT 1"
LINKS = f"""
SELECT l.position, l.entry_id AS named, l.digest, {ENTRY}
FROM trail_links AS l LEFT JOIN trail_entries AS e USING (entry_id)
WHERE l.position > %s ORDER BY l.position LIMIT {BATCH}
"""  # noqa: S608
UNKNOWN = """
SELECT min(e.entry_id) AS entry_id FROM trail_entries AS e
WHERE NOT EXISTS (SELECT FROM trail_links AS l WHERE l.entry_id = e.entry_id)
AND NOT EXISTS (SELECT FROM trail_waiting AS w WHERE w.entry_id = e.entry_id)
"""
OTHERWISE = """
SELECT h.position FROM trail_heads AS h LEFT JOIN trail_links AS l USING (position)
WHERE h.position > %s AND h.digest IS DISTINCT FROM l.digest ORDER BY h.position LIMIT 1
"""
WAITING = "SELECT count(*) AS rows FROM trail_waiting"

Row = dict[str, Any]


class Found(StrEnum):
    CHANGED = "changed"  # the entry is not what was linked
    MISSING = "missing"  # the entry or its link is gone
    INSERTED = "inserted"  # it was never linked, or its link does not belong here
    REORDERED = "reordered"  # the link belongs to another entry
    REPLACED = "replaced"  # a head was announced that this chain does not have


@dataclass(frozen=True)
class Broken:
    how: Found
    position: int = 0  # 0: it has none
    entry_id: int = 0


@dataclass(frozen=True)
class Verdict:
    """*head* is the last link that was looked at."""

    head: Head
    links: int
    waiting: int  # entries that are not linked yet
    broken: Broken | None


def verify(service: str, database_url: str, announced: bytes = b"") -> Verdict:
    """Read the whole chain as it was at one moment, a batch at a time.

    *announced* is the digest of a head that somebody else has kept.
    """
    with psycopg.connect(conninfo(database_url), row_factory=dict_row) as session:
        session.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        session.execute("SET LOCAL statement_timeout = 0")
        return _Verification(session, service, announced).verdict()


class _Verification:
    def __init__(self, session: psycopg.Connection[Row], service: str, announced: bytes) -> None:
        self._session = session
        self._announced = announced
        cut = session.execute(CUT).fetchone()
        self._start = Head(cut["position"], cut["digest"]) if cut else genesis(service)
        self._met = announced in (b"", self._start.digest)

    def verdict(self) -> Verdict:
        head = before = self._start
        broken: Broken | None = None
        for row, following in _with_following(self._rows()):
            broken = _difference(before, head, row, following)
            if broken:
                break
            before, head = head, Head(row["position"], row["digest"])
            self._met = self._met or head.digest == self._announced
        return Verdict(
            head=head,
            links=head.position - self._start.position,
            waiting=self._one(WAITING)["rows"],
            broken=broken or self._beside_the_chain(),
        )

    def _rows(self) -> Iterator[list[Row]]:
        position = self._start.position
        while rows := self._session.execute(LINKS, [position]).fetchall():
            yield rows
            position = rows[-1]["position"]

    def _beside_the_chain(self) -> Broken | None:
        unknown = self._one(UNKNOWN)["entry_id"]
        if unknown is not None:
            return Broken(Found.INSERTED, entry_id=unknown)
        otherwise = self._one(OTHERWISE, self._start.position)
        if otherwise:
            return Broken(Found.REPLACED, position=otherwise["position"])
        return None if self._met else Broken(Found.REPLACED)

    def _one(self, statement: str, *values: object) -> Row:
        return self._session.execute(statement, values or None).fetchone() or {}


def _with_following(batches: Iterator[list[Row]]) -> Iterator[tuple[Row, Sequence[Row]]]:
    """Each link with some of those after it."""
    rows = next(batches, [])
    while rows:
        more = next(batches, [])
        for place, row in enumerate(rows):
            yield row, _Ahead(rows, more, place + 1)
        rows = more


class _Ahead(Sequence[Row]):
    """What follows in this batch and the next, without copying it for every link."""

    def __init__(self, rows: list[Row], more: list[Row], start: int) -> None:
        self._rows, self._more, self._start = rows, more, start

    def __len__(self) -> int:
        return len(self._rows) - self._start + len(self._more)

    def __getitem__(self, place: Any) -> Any:
        place += self._start
        size = len(self._rows)
        return self._rows[place] if place < size else self._more[place - size]


def _difference(before: Head, head: Head, row: Row, following: Sequence[Row]) -> Broken | None:
    """Between what the link says and what the entry is; None when they agree."""
    position = head.position + 1
    if row["position"] != position:
        return Broken(Found.MISSING, position)
    named = row["named"]
    if row["entry_id"] is None:
        return Broken(Found.MISSING, position, named)
    if linked(head.digest, row) == row["digest"]:
        return None
    if linked(before.digest, row) == row["digest"]:
        return Broken(Found.INSERTED, head.position)
    if following and _follows(head, following[0]):
        return Broken(Found.INSERTED, position, named)
    others = (other for other in following if other["entry_id"] is not None)
    if any(linked(head.digest, other) == row["digest"] for other in others):
        return Broken(Found.REORDERED, position, named)
    return Broken(Found.CHANGED, position, named)


def _follows(head: Head, row: Row) -> bool:
    return row["entry_id"] is not None and linked(head.digest, row) == row["digest"]
