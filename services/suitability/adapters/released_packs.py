"""The rule packs that are released at this moment, shipped and the institution's own.

Asked anew for each decision: one look at the number of the newest release. What was read stays,
for it is never edited.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from threading import Lock

import sqlalchemy as sa

from services.suitability.adapters.tables import rule_packs
from services.suitability.domain.pack import Pack
from services.suitability.domain.pack_document import document_of
from services.suitability.domain.packs import Packs

FRESH_FOR = 1.0  # seconds

NEWEST = sa.select(sa.func.coalesce(sa.func.max(rule_packs.c.release_no), 0))
LATER = (
    sa.select(rule_packs.c.release_no, rule_packs.c.document)
    .where(rule_packs.c.release_no > sa.bindparam("known"))
    .order_by(rule_packs.c.release_no)
)


class ReleasedPacks:
    """*engine* commits every statement by itself."""

    def __init__(
        self,
        engine: sa.Engine,
        shipped: Sequence[Pack],
        switched_on: Iterable[str] = (),
        ticking: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._shipped = tuple(shipped)
        self._switched_on = tuple(switched_on)
        self._own: tuple[Pack, ...] = ()
        self._newest = 0
        self._packs = Packs(self._shipped, self._switched_on)
        self._ticking = ticking
        self._asked_at = float("-inf")
        self._lock = Lock()

    def recently(self) -> Packs:
        if self._ticking() - self._asked_at > FRESH_FOR:
            self.now()
        return self._packs

    def now(self) -> Packs:
        asked_at = self._ticking()
        with self._engine.connect() as connection:
            newest = connection.execute(NEWEST).scalar_one()
        if newest > self._newest:
            self._read()
        self._asked_at = asked_at
        return self._packs

    def in_force(self, on: date) -> Pack:
        return self.now().in_force(on)

    def named(self, name: str) -> Pack:
        return self.now().named(name)

    def _read(self) -> None:
        with self._lock, self._engine.connect() as connection:
            rows = connection.execute(LATER, {"known": self._newest}).all()
            read = tuple(document_of(row.document, released=True).read() for row in rows)
            if rows:
                self._own += read
                self._packs = Packs(self._shipped, self._switched_on, self._own)
                self._newest = rows[-1].release_no
