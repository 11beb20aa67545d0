"""Histories of leads and sales: what an entity carries of changes moves into its table."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.sealing.sealer import Sealer
from services.workflow.adapters.sealing import place_of_change
from services.workflow.domain.history import Change
from services.workflow.domain.lead import Lead
from services.workflow.domain.sale import Sale


class History:
    def __init__(self, session: Session, table: sa.Table, sealer: Sealer) -> None:
        self._session = session
        self._table = table
        self._sealer = sealer

    def keep(self, of: Lead | Sale, **key: str) -> None:
        """*key* is the column that names it, and its id."""
        (its_id,) = key.values()
        version = {"version": of.version}
        rows = [
            key | version | self._values(change, place_of_change(its_id, of.version, change.what))
            for change in of.changes
        ]
        if rows:
            self._session.execute(self._table.insert(), rows)
        of.changes.clear()

    def _values(self, change: Change, place: str) -> dict[str, Any]:
        return {
            "what": change.what,
            "by": change.by,
            "at": change.at,
            "state": change.state,
            "details": {},
            "details_sealed": self._sealer.seal_json(dict(change.details), place),
        }
