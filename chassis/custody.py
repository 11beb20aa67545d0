"""Who looks after what, as kept by a service that does not own it; and what callers see of it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.clock import Clock
from chassis.identity import Caller, caller
from chassis.scope import Custody, Reach, Scope, Share, ended_share, granted

FRESH_FOR = 1.0  # seconds

Predicate = sa.ColumnElement[bool]


@dataclass(frozen=True)
class Columns:
    """Where a row says whose it is, and what it is about."""

    owner: sa.ColumnElement[str]
    team: sa.ColumnElement[str]
    branch: sa.ColumnElement[str]
    subject: sa.ColumnElement[str]


@dataclass(frozen=True)
class CustodyTables:
    custody: sa.Table
    shares: sa.Table

    @property
    def columns(self) -> Columns:
        kept = self.custody.c
        return Columns(kept.owner_id, kept.team_id, kept.branch_id, kept.subject_id)

    def seen(self, scope: Scope, subject: sa.ColumnElement[str]) -> Predicate:
        """For rows that name only their *subject*; one nobody told us of is seen by all-seers."""
        if scope.reach is Reach.INSTITUTION:
            return sa.true()
        theirs = sa.select(self.custody.c.subject_id).where(visible(scope, self.columns))
        return subject.in_(theirs)


def visible(scope: Scope, columns: Columns) -> Predicate:
    """The rows of *scope*. What nobody looks after yet is seen from the team upward."""
    if scope.reach is Reach.INSTITUTION:
        return sa.true()
    ways = _reached(scope, columns)
    if scope.shared_owners:
        ways.append(columns.owner.in_(sorted(scope.shared_owners)))
    if scope.shared_subjects:
        ways.append(columns.subject.in_(sorted(scope.shared_subjects)))
    return sa.or_(*ways) if ways else sa.false()


def _reached(scope: Scope, columns: Columns) -> list[Predicate]:
    ways: list[Predicate] = []
    if scope.reach is Reach.NONE:
        return ways
    if scope.staff_id:
        ways.append(columns.owner == scope.staff_id)
    if scope.reach is Reach.TEAM:
        ways.append(columns.owner == "")
        if scope.team_id:
            ways.append(columns.team == scope.team_id)
    if scope.reach is Reach.BRANCH:
        ways.append(columns.owner == "")
        if scope.branch_id:
            ways.append(columns.branch == scope.branch_id)
    return ways


def custody_tables(metadata: sa.MetaData) -> CustodyTables:
    """Add `custody` and `shares` to *metadata*."""
    return CustodyTables(_custody(metadata), shares_table(metadata))


def create_custody(op: Any) -> None:
    """For a migration; *op* is alembic's."""
    metadata = sa.MetaData()
    custody_tables(metadata)
    metadata.create_all(op.get_bind(), checkfirst=False)


def create_shares(op: Any) -> None:
    """For the migration of a service whose own rows say who looks after them."""
    metadata = sa.MetaData()
    shares_table(metadata)
    metadata.create_all(op.get_bind(), checkfirst=False)


def _custody(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "custody",
        metadata,
        sa.Column("subject_id", sa.Text, primary_key=True),
        sa.Column("owner_id", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("branch_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Index("custody_by_owner", "owner_id", "subject_id"),
        sa.Index("custody_by_team", "team_id", "subject_id"),
        sa.Index("custody_by_branch", "branch_id", "subject_id"),
    )


def shares_table(metadata: sa.MetaData) -> sa.Table:
    moment = sa.DateTime(timezone=True)
    return sa.Table(
        "shares",
        metadata,
        sa.Column("share_id", sa.Text, primary_key=True),
        sa.Column("staff_id", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("owner_id", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("valid_from", moment, nullable=False),
        sa.Column("valid_until", moment, nullable=False, index=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )


class SqlCustody:
    """Writes both tables; of two words on one row the one with the larger sequence stays."""

    def __init__(self, session: Session, tables: CustodyTables) -> None:
        self._session = session
        self._tables = tables

    def get(self, subject_id: str) -> Custody:
        """Nobody's when nobody told us."""
        kept = self._tables.custody.c
        asked = sa.select(kept.owner_id, kept.team_id, kept.branch_id)
        row = self._session.execute(asked.where(kept.subject_id == subject_id)).one_or_none()
        return Custody(*row) if row else Custody()

    def sees(self, scope: Scope, subject_id: str) -> bool:
        seen = self._tables.seen(scope, sa.literal(subject_id))
        return bool(self._session.execute(sa.select(seen)).scalar_one())

    def granted_to(self, staff_id: str, at: datetime) -> Scope:
        kept = self._tables.shares.c
        asked = sa.select(kept.owner_id, kept.subject_id).where(
            kept.staff_id == staff_id, kept.valid_from <= at, kept.valid_until > at
        )
        return granted((row.owner_id, row.subject_id) for row in self._session.execute(asked))

    def put(self, subject_id: str, custody: Custody, sequence: int) -> bool:
        """False when something newer is known."""
        values = {"subject_id": subject_id, **vars(custody), "sequence": sequence}
        return put_newer(self._session, self._tables.custody, values)

    def share(self, share: Share, sequence: int) -> None:
        put_newer(self._session, self._tables.shares, {**vars(share), "sequence": sequence})

    def end_share(self, share_id: str, at: datetime, sequence: int) -> None:
        """One that is not here yet is kept as ended, so that it does not open when it comes."""
        self.share(ended_share(share_id, at), sequence)


def put_newer(session: Session, table: sa.Table, values: Mapping[str, object]) -> bool:
    """False, and nothing is put, when something newer is there."""
    put = insert(table).values(values)
    newer = put.on_conflict_do_update(
        index_elements=table.primary_key.columns,
        set_=values,
        where=table.c.sequence < put.excluded.sequence,
    )
    return session.execute(newer.returning(sa.literal(1))).one_or_none() is not None


class Scopes:
    """The scope of the caller being answered; shares are read once a second."""

    def __init__(
        self,
        engine: sa.Engine,
        shares: sa.Table,
        clock: Clock,
        fresh_for: float = FRESH_FOR,
        ticking: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._unended = sa.select(shares).where(shares.c.valid_until > sa.bindparam("now"))
        self._clock = clock
        self._fresh_for = fresh_for
        self._ticking = ticking
        self._read_at = float("-inf")
        self._by_staff: dict[str, list[sa.Row[Any]]] = {}
        self._lock = Lock()

    def __call__(self) -> Scope:
        return self.of(caller())

    def of(self, who: Caller) -> Scope:
        if who.reach is Reach.INSTITUTION:
            return Scope(reach=who.reach, staff_id=who.staff_id)
        shared = self._shared_with(who.staff_id)
        return Scope(
            reach=who.reach,
            staff_id=who.staff_id,
            team_id=who.team_id,
            branch_id=who.branch_id,
            shared_owners=frozenset(row.owner_id for row in shared if row.owner_id),
            shared_subjects=frozenset(row.subject_id for row in shared if row.subject_id),
        )

    def _shared_with(self, staff_id: str) -> list[sa.Row[Any]]:
        self._stay_fresh()
        mine = self._by_staff.get(staff_id, [])
        if not mine:
            return mine
        now = self._clock()
        return [row for row in mine if row.valid_from <= now < row.valid_until]

    def _stay_fresh(self) -> None:
        """While one reads again, the others wait only if what they have is twice too old."""
        if self._age > self._fresh_for and self._lock.acquire(self._age > 2 * self._fresh_for):
            try:
                if self._age > self._fresh_for:
                    self._read()
            finally:
                self._lock.release()

    @property
    def _age(self) -> float:
        return self._ticking() - self._read_at

    def _read(self) -> None:
        begun = self._ticking()
        with self._engine.connect() as connection:
            rows = connection.execute(self._unended, {"now": self._clock()}).all()
        by_staff: dict[str, list[sa.Row[Any]]] = {}
        for row in rows:
            by_staff.setdefault(row.staff_id, []).append(row)
        self._by_staff, self._read_at = by_staff, begun
