"""Staff, product names and imports in PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.errors import NotFound
from chassis.sealing.sealer import Sealer
from services.customer.adapters import tables
from services.customer.adapters.sealing import place_of_file, place_of_file_name
from services.customer.domain.book.problems import Note, Problem
from services.customer.domain.importing import Import, ImportResult, ImportState
from services.customer.domain.staff import Member, no_such_member

staff = tables.staff
names = tables.product_names
imports = tables.imports
files = tables.import_files


class SqlStaff:
    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, staff_id: str) -> Member | None:
        row = self._session.execute(
            sa.select(staff).where(staff.c.staff_id == staff_id)
        ).one_or_none()
        return to_member(row) if row else None

    def get(self, staff_id: str, field: str) -> Member:
        member = self.find(staff_id)
        if member is None:
            raise no_such_member(field)
        return member

    def all(self) -> Sequence[Member]:
        rows = self._session.execute(sa.select(staff).order_by(staff.c.staff_id))
        return [to_member(row) for row in rows]

    def put(self, member: Member) -> None:
        values = {**asdict(member), "roles": list(member.roles)}
        put = insert(staff).values(values)
        self._session.execute(
            put.on_conflict_do_update(index_elements=["staff_id"], set_=dict(put.excluded))
        )


def to_member(row: sa.Row[Any]) -> Member:
    return Member(**{**row._mapping, "roles": tuple(row.roles)})


class SqlProductNames:
    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self) -> frozenset[str]:
        return frozenset(self._session.execute(sa.select(names.c.product_id)).scalars())

    def put(self, told: Mapping[str, str], *, sequence: int) -> None:
        put = insert(names)
        newer = put.on_conflict_do_update(
            index_elements=["product_id"],
            set_={"name": put.excluded.name, "sequence": put.excluded.sequence},
            where=names.c.sequence < put.excluded.sequence,
        )
        rows = [
            {"product_id": product_id, "name": name, "sequence": sequence}
            for product_id, name in told.items()
        ]
        self._session.execute(newer, rows)


class SqlImports:
    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session = session
        self._sealer = sealer

    def get(self, import_id: str) -> Import:
        row = self._session.execute(
            sa.select(imports).where(imports.c.import_id == import_id).with_for_update()
        ).one_or_none()
        if row is None:
            raise no_such_import()
        return to_import(row, self._sealer)

    def add(self, received: Import, content: bytes) -> None:
        self._session.execute(imports.insert().values(import_values(received, self._sealer)))
        sealed = self._sealer.seal_file(content, place_of_file(received.import_id))
        self._session.execute(
            files.insert().values(import_id=received.import_id, content_sealed=sealed)
        )

    def content(self, import_id: str) -> bytes:
        sealed = self._session.execute(
            sa.select(files.c.content_sealed).where(files.c.import_id == import_id)
        ).scalar_one()
        return self._sealer.open_file(sealed, place_of_file(import_id))

    def finish(self, ended: Import, notes: Iterable[Note]) -> None:
        here = imports.c.import_id == ended.import_id
        values = import_values(ended, self._sealer)
        self._session.execute(imports.update().where(here).values(values))
        self._session.execute(files.delete().where(files.c.import_id == ended.import_id))
        rows = [note_values(ended.import_id, place, note) for place, note in enumerate(notes)]
        if rows:
            self._session.execute(tables.import_notes.insert(), rows)


def file_name(row: sa.Row[Any], sealer: Sealer) -> str:
    """In clear where the row was written before file names were sealed."""
    place = place_of_file_name(row.import_id)
    return sealer.open(row.file_name_sealed, place) or str(row.file_name)


def to_import(row: sa.Row[Any], sealer: Sealer) -> Import:
    reason = Problem(row.reason_code, row.reason_en, row.reason_zh) if row.reason_code else None
    return Import(
        import_id=row.import_id,
        file_name=file_name(row, sealer),
        digest=row.digest,
        received_by=row.received_by,
        received_at=row.received_at,
        state=ImportState(row.state),
        finished_at=row.finished_at,
        reason=reason,
        result=to_result(row.result) if row.result else None,
    )


def to_result(stored: dict[str, Any]) -> ImportResult:
    return ImportResult(**{**stored, "aum": Decimal(stored["aum"])})


def import_values(told: Import, sealer: Sealer) -> dict[str, Any]:
    place = place_of_file_name(told.import_id)
    return {
        "import_id": told.import_id,
        "file_name": "",
        "file_name_sealed": sealer.seal(told.file_name, place),
        "digest": told.digest,
        "state": told.state,
        "received_by": told.received_by,
        "received_at": told.received_at,
        "finished_at": told.finished_at,
        "reason_code": told.reason.code if told.reason else "",
        "reason_en": told.reason.en if told.reason else "",
        "reason_zh": told.reason.zh if told.reason else "",
        "result": told.result.plain() if told.result else sa.null(),
    }


def note_values(import_id: str, place: int, note: Note) -> dict[str, Any]:
    return {
        "import_id": import_id,
        "place": place,
        "sheet": note.sheet,
        "row": note.row,
        "customer_no": note.customer_no,
        "severity": note.severity,
        "code": note.problem.code,
        "en": note.en,
        "zh": note.zh,
    }


def no_such_import() -> NotFound:
    return NotFound("no_such_import", "there is no such import", "没有这次导入")
