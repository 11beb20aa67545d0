"""Whom temporary grants let in, as the gateway's own database knows it."""

import logging
from collections import defaultdict

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from chassis.clock import Clock, system_clock
from chassis.failures import described
from chassis.identity import Caller
from chassis.scope import Reach, Scope, Share
from gateway.store.database import Store
from gateway.store.tables import custody

log = logging.getLogger(__name__)

NAMES = (
    "share_id",
    "staff_id",
    "subject_id",
    "owner_id",
    "purpose",
    "valid_from",
    "valid_until",
)
SHARES = custody.shares.c
UNENDED = sa.select(*(SHARES[name] for name in NAMES)).where(
    SHARES.valid_until > sa.bindparam("now")
)


class Grants:
    """As old as the last refresh(); without the database, nobody is let in by a grant."""

    def __init__(self, store: Store, clock: Clock = system_clock) -> None:
        self._store = store
        self._clock = clock
        self._by_staff: dict[str, list[Share]] = {}

    async def refresh(self) -> None:
        try:
            shares = await self._store.run(self._unended)
        except SQLAlchemyError as error:
            log.warning("grants are not known: %s", described(error))
            shares = []
        by_staff = defaultdict(list)
        for share in shares:
            by_staff[share.staff_id].append(share)
        self._by_staff = dict(by_staff)

    def scope_of(self, who: Caller) -> Scope:
        if who.reach is Reach.INSTITUTION:
            return Scope(reach=who.reach, staff_id=who.staff_id)
        shared = self._shared_with(who.staff_id)
        return Scope(
            reach=who.reach,
            staff_id=who.staff_id,
            team_id=who.team_id,
            branch_id=who.branch_id,
            shared_owners=frozenset(share.owner_id for share in shared if share.owner_id),
            shared_subjects=frozenset(share.subject_id for share in shared if share.subject_id),
        )

    def _shared_with(self, staff_id: str) -> list[Share]:
        mine = self._by_staff.get(staff_id, [])
        now = self._clock()
        return [share for share in mine if share.valid_from <= now < share.valid_until]

    def _unended(self, connection: sa.Connection) -> list[Share]:
        rows = connection.execute(UNENDED, {"now": self._clock()})
        return [Share(**row._mapping) for row in rows]
