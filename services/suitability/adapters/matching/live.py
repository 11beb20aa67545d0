"""All clients as columns in memory, brought up to date before each question.

Who changed is told by the transaction of the change: a row is read again when its transaction
was not surely over when rows were last read, so one that commits late is not missed.

All of them are read once, in the background: a million take about a minute, longer than a question
may wait, and what a question began would be lost with its deadline.
"""

import logging
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from threading import Event, Lock, Thread
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from chassis.deadline import seconds_left
from chassis.errors import Conflict, Invalid
from chassis.scope import Scope
from services.suitability.adapters.matching.columns import Columns
from services.suitability.adapters.matching.outcomes import CHUNK, Matching
from services.suitability.adapters.matching.planes import Bits, KeptPlanes, Values
from services.suitability.adapters.rows import to_profile
from services.suitability.adapters.tables import assessments, custody, customers, profiles
from services.suitability.domain.assessment import RiskProfile
from services.suitability.domain.mask import Masks
from services.suitability.domain.pack import Pack, Verdict
from services.suitability.domain.sale import Sale, read_sale

log = logging.getLogger(__name__)

ANY = "any"
ANY_MOMENT = "2026-02-01T00:00:00+08:00"
BATCH = 2000
PATIENCE = 5.0  # seconds that a question waits until all clients are read
MOST_GATES = 200_000
NOW = sa.text(
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text, oid FROM pg_database "
    "WHERE datname = current_database()"
)
CHANGED = sa.text(
    "SELECT customer_id FROM customers WHERE changed_in >= CAST(:since AS xid8) "
    "UNION SELECT customer_id FROM profiles WHERE changed_in >= CAST(:since AS xid8)"
)
FIRST = "0"
ASSESSED = [column for column in assessments.c if column.name != "customer_id"]


@dataclass(frozen=True)
class Found:
    """*bits* by row; *order* are all clients by id."""

    bits: Bits
    rows: Mapping[str, int]
    order: Sequence[str]

    def after(self, customer_id: str) -> Iterator[str]:
        following = islice(self.order, bisect_right(self.order, customer_id), None)
        return (each for each in following if each in self)

    def __contains__(self, customer_id: object) -> bool:
        row = self.rows.get(str(customer_id), len(self.bits))
        return row < len(self.bits) and bool(self.bits[row])


class LiveClients:
    """Safe to ask from several threads."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._lock = Lock()
        self._columns = Columns()
        self._rows: dict[str, int] = {}
        self._order: list[str] = []
        self._since = FIRST
        self._database = 0
        self._masks: Masks | None = None
        self._planes: KeptPlanes | None = None
        self._reader: Thread | None = None
        self._starting = Lock()
        self._all_read = Event()
        self._stopped = Event()

    def begin(self) -> Thread:
        """Read all clients in the background, again if it failed; the thread that does, or did."""
        with self._starting:
            if self._reader is None or not (self._reader.is_alive() or self._all_read.is_set()):
                self._reader = Thread(target=self._read_all, name="clients", daemon=True)
                self._reader.start()
            return self._reader

    def stop(self) -> None:
        self._stopped.set()
        if self._reader is not None:
            self._reader.join(PATIENCE)

    def shortlist(self, pack: Pack, on: date, sale: Sale, outcome: str) -> Found:
        """Raise Conflict while all clients are still being read."""
        reader = self.begin()
        reader.join(min(PATIENCE, seconds_left() or PATIENCE))
        if reader.is_alive():
            raise still_reading(len(self._rows))
        with self._lock:
            self._refresh()
            masks, planes = self._prepared(pack, on)
            matching = Matching(masks, [sale])
            bits = np.zeros(self._columns.size, np.bool_)
            for chunk in matching.over(self._columns, CHUNK, planes):
                wanted = (
                    chunk.where(0, Verdict(outcome))
                    if outcome != ANY
                    else np.arange(chunk.start, chunk.start + chunk.count)
                )
                bits[wanted] = True
            return Found(bits, self._rows, self._order)

    def seen(self, scope: Scope, after: str, limit: int) -> Sequence[str]:
        subject = customers.c.customer_id
        theirs = sa.select(subject).where(subject > after, custody.seen(scope, subject))
        with self.engine.connect() as connection:
            return connection.execute(theirs.order_by(subject).limit(limit)).scalars().all()

    def _prepared(self, pack: Pack, on: date) -> tuple[Masks, KeptPlanes]:
        """Kept for the next question, as long as it is of the same pack and day."""
        masks, planes = self._masks, self._planes
        if (
            masks is None
            or planes is None
            or (masks.pack, masks.on) != (pack, on)
            or len(masks.circuit.gates) > MOST_GATES
        ):
            masks = self._masks = Masks(pack, on)
            planes = self._planes = KeptPlanes(
                self._columns, Values(self._columns, on, masks.window_months)
            )
        return masks, planes

    def _read_all(self) -> None:
        try:
            with self._lock:
                self._refresh()
            self._all_read.set()
        except SQLAlchemyError as error:  # the next question begins again
            log.warning("the clients could not be read: %s", type(error).__name__)

    def _refresh(self) -> None:
        with self.engine.connect() as connection:
            now, database = connection.execute(NOW).one()
            if database != self._database or int(now) < int(self._since):
                self._since = FIRST  # restored from a copy: transactions were counted elsewhere
            changed = sorted(connection.execute(CHANGED, {"since": self._since}).scalars())
            for start in range(0, len(changed), BATCH):
                if self._stopped.is_set():
                    return
                self._read(connection, changed[start : start + BATCH])
        self._since, self._database = now, database
        if len(self._order) < len(self._rows):
            self._order = sorted(self._rows)

    def _read(self, connection: sa.Connection, changed: Sequence[str]) -> None:
        profiles_now = _profiles(connection, changed)
        newest = sa.select(customers.c.customer_id, customers.c.facts)
        for row in connection.execute(newest.where(customers.c.customer_id.in_(changed))):
            profile = profiles_now.get(row.customer_id) or RiskProfile(row.customer_id)
            place = self._rows.setdefault(row.customer_id, len(self._rows))
            self._columns.put(place, given(row.facts, profile))
            if self._planes is not None:
                self._planes.changed(place)


def still_reading(so_far: int) -> Conflict:
    return Conflict(
        "clients_being_read",
        f"the clients are being read since the service started, {so_far} so far;"
        " ask again in a minute",
        f"服务启动后正在读取全部客户，已读 {so_far} 个，请一分钟后再试",
    )


def _profiles(connection: sa.Connection, of: Sequence[str]) -> dict[str, RiskProfile]:
    rows: Iterable[sa.Row[Any]] = connection.execute(
        sa.select(profiles, *ASSESSED)
        .outerjoin(assessments, profiles.c.customer_id == assessments.c.customer_id)
        .where(profiles.c.customer_id.in_(of))
        .order_by(profiles.c.customer_id, assessments.c.at, assessments.c.assessment_id)
    )
    return {
        customer_id: to_profile(customer_id, list(history))
        for customer_id, history in groupby(rows, key=lambda row: str(row.customer_id))
    }


def given(facts: Mapping[str, object], profile: RiskProfile) -> Mapping[str, object]:
    """As a decision reads them; of facts that it could not read, nothing is known."""
    customer = {**facts, **profile.facts()}
    sections: dict[str, object] = {"seller": {}, "product": {}, "request": {}}
    try:
        return read_sale({"at": ANY_MOMENT, **sections, "customer": customer}).given
    except Invalid:
        log.warning("the facts of a client cannot be read for matching")
        return {}
