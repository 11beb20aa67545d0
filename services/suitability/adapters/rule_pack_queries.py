"""What is kept of the institution's own rule packs, read without a transaction."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from services.suitability.adapters.rule_packs import HISTORY, no_such_pack, to_rule_pack
from services.suitability.adapters.tables import rule_pack_changes, rule_packs
from services.suitability.domain.rule_pack import RulePack

ONE = sa.select(rule_packs).where(
    (rule_packs.c.pack_id == sa.bindparam("pack_id"))
    | (rule_packs.c.edition == sa.bindparam("pack_id"))
)
OF_ONE = HISTORY.where(rule_pack_changes.c.pack_id == sa.bindparam("pack_id"))
FIRST = (
    sa.select(rule_pack_changes.c.pack_id, rule_pack_changes.c.by, rule_pack_changes.c.at)
    .where(rule_pack_changes.c.number == 1)
    .subquery()
)
SUMMARIES = sa.select(
    *(column for column in rule_packs.c if column.name != "document"),
    FIRST.c.by.label("drafted_by"),
    FIRST.c.at.label("drafted_at"),
).join(FIRST, FIRST.c.pack_id == rule_packs.c.pack_id)


class RulePackQueries:
    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def all(self) -> Sequence[Any]:
        """Without their documents; there are few."""
        with self._engine.connect() as connection:
            return connection.execute(SUMMARIES).all()

    def one(self, pack_id: str) -> RulePack:
        """By its id or its edition. Raise NotFound when there is none."""
        found = {"pack_id": pack_id}
        with self._engine.connect() as connection:
            row = connection.execute(ONE, found).one_or_none()
            if row is None:
                raise no_such_pack()
            history = connection.execute(OF_ONE, {"pack_id": row.pack_id}).all()
        return to_rule_pack(row, history)
