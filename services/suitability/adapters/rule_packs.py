"""The institution's own rule packs in PostgreSQL."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.errors import Conflict, NotFound
from chassis.versions import changed_meanwhile, check
from services.suitability.adapters.tables import rule_pack_changes, rule_packs
from services.suitability.domain.pack_document import PackDocument, document_of
from services.suitability.domain.rule_pack import PackChange, PackState, Release, RulePack

ONE_AT_A_TIME = 5_018_332_909  # advisory lock of releases

HISTORY = sa.select(rule_pack_changes).order_by(rule_pack_changes.c.number)


class SqlRulePacks:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, pack: RulePack) -> None:
        pack.version = 1
        self._session.execute(rule_packs.insert().values(pack_id=pack.pack_id, **values_of(pack)))
        self._keep_changes(pack, 0)

    def claim(self, pack_id: str) -> RulePack:
        asked = sa.select(rule_packs).where(rule_packs.c.pack_id == pack_id).with_for_update()
        row = self._session.execute(asked).one_or_none()
        if row is None:
            raise no_such_pack()
        check(pack_id, row.version)
        history = HISTORY.where(rule_pack_changes.c.pack_id == pack_id)
        return to_rule_pack(row, self._session.execute(history).all())

    def document(self, pack_id: str) -> PackDocument:
        asked = sa.select(rule_packs.c.document).where(rule_packs.c.pack_id == pack_id)
        return document_of(self._session.execute(asked).scalar_one())

    def save(self, pack: RulePack) -> None:
        known = sa.select(sa.func.count()).where(rule_pack_changes.c.pack_id == pack.pack_id)
        self._keep_changes(pack, self._session.execute(known).scalar_one())
        pack.version += 1
        saved = self._session.execute(
            rule_packs.update()
            .where(rule_packs.c.pack_id == pack.pack_id)
            .where(rule_packs.c.version == pack.version - 1)
            .values(values_of(pack))
            .returning(rule_packs.c.version)
        ).one_or_none()
        if saved is None:
            raise changed_meanwhile()

    def refuse_taken(self, edition: str, pack_id: str) -> None:
        taken = sa.select(rule_packs.c.pack_id).where(
            rule_packs.c.edition == edition, rule_packs.c.pack_id != pack_id
        )
        if self._session.execute(taken).first() is not None:
            raise Conflict(
                "edition_taken",
                f"there is a rule pack {edition} already; choose another edition",
                f"已有规则包 {edition}，请另取版本号",
                field="edition",
            )

    def next_release(self) -> int:
        self._session.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        newest = sa.select(sa.func.coalesce(sa.func.max(rule_packs.c.release_no), 0))
        return int(self._session.execute(newest).scalar_one()) + 1

    def _keep_changes(self, pack: RulePack, known: int) -> None:
        for change in pack.changes[known:]:
            self._session.execute(
                rule_pack_changes.insert().values(
                    pack_id=pack.pack_id, **{**vars(change), "what": list(change.what)}
                )
            )


def values_of(pack: RulePack) -> dict[str, Any]:
    release = pack.release
    return {
        "edition": pack.edition,
        "effective_from": pack.effective_from,
        "follows": pack.follows,
        "state": pack.state,
        "document": pack.document.kept(),
        "digest": pack.digest,
        "release_no": release.number if release else None,
        "released_by": release.by if release else None,
        "released_at": release.at if release else None,
        "rehearsal_id": release.rehearsal_id if release else None,
        "version": pack.version,
    }


def to_rule_pack(row: sa.Row[Any], history: Any) -> RulePack:
    return RulePack(
        pack_id=row.pack_id,
        document=document_of(row.document, released=row.state == PackState.RELEASED),
        follows=row.follows,
        changes=[
            PackChange(one.number, one.by, one.at, one.what, one.reason, one.digest)
            for one in history
        ],
        state=PackState(row.state),
        release=(
            Release(row.release_no, row.released_by, row.released_at, row.rehearsal_id or "")
            if row.release_no
            else None
        ),
        version=row.version,
    )


def no_such_pack() -> NotFound:
    return NotFound("no_such_rule_pack", "there is no such rule pack", "没有这个规则包")
