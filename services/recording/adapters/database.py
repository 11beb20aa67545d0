"""Recordings in PostgreSQL."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.custody import SqlCustody
from chassis.database import SqlWork
from chassis.scope import Scope
from chassis.sealing.sealer import Sealer
from chassis.versions import changed_meanwhile, check
from services.recording.adapters import tables
from services.recording.adapters.announcements import to_message
from services.recording.adapters.copies import SqlProducts, SqlSales, SqlUploads
from services.recording.adapters.rows import (
    mark_values,
    recording_values,
    segment_values,
    to_recording,
)
from services.recording.adapters.scripts import ScriptFiles
from services.recording.adapters.tables import custody, marks, recordings, segments
from services.recording.domain import refusals
from services.recording.domain.recording import Recording, State
from services.recording.usecases.ports import Announcement

ITS_SEGMENTS = (
    sa.select(segments)
    .where(segments.c.recording_id == sa.bindparam("recording_id"))
    .order_by(segments.c.number)
)
ITS_MARKS = (
    sa.select(marks)
    .where(marks.c.recording_id == sa.bindparam("recording_id"))
    .order_by(marks.c.number)
)
OF_SALE = (
    sa.select(recordings.c.recording_id)
    .where(recordings.c.sale_id == sa.bindparam("sale_id"))
    .where(recordings.c.state != State.ABANDONED)
)


def recordings_seen(scope: Scope) -> sa.Select[Any]:
    """Those of clients within the scope."""
    return sa.select(recordings).where(custody.seen(scope, recordings.c.customer_id))


def load(
    connection: Session | sa.Connection, recording_id: str, sealer: Sealer, scope: Scope
) -> Recording:
    one = {"recording_id": recording_id}
    found = recordings_seen(scope).where(recordings.c.recording_id == recording_id)
    row = connection.execute(found).one_or_none()
    if row is None:
        raise refusals.no_such_recording()
    return to_recording(
        row, sealer, connection.execute(ITS_SEGMENTS, one), connection.execute(ITS_MARKS, one)
    )


class SqlRecordings:
    def __init__(self, session: Session, sealer: Sealer, scope: Scope) -> None:
        self._session = session
        self._sealer = sealer
        self._scope = scope

    def get(self, recording_id: str) -> Recording:
        recording = load(self._session, recording_id, self._sealer, self._scope)
        check(recording_id, recording.version)
        return recording

    def of_sale(self, sale_id: str) -> Recording | None:
        recording_id = self._session.execute(OF_SALE, {"sale_id": sale_id}).scalar_one_or_none()
        return self.get(recording_id) if recording_id else None

    def add(self, recording: Recording) -> None:
        self._session.execute(recordings.insert().values(recording_values(recording, self._sealer)))
        self._keep_parts(recording)
        recording.version += 1

    def save(self, recording: Recording) -> None:
        saved = self._session.execute(
            recordings.update()
            .where(recordings.c.recording_id == recording.recording_id)
            .where(recordings.c.version == recording.version)
            .values(recording_values(recording, self._sealer))
            .returning(recordings.c.version)
        ).one_or_none()
        if saved is None:
            raise changed_meanwhile()
        self._keep_parts(recording)
        recording.version = saved.version

    def _keep_parts(self, recording: Recording) -> None:
        kept = [segment_values(recording.recording_id, each) for each in recording.segments]
        if kept:
            self._upsert_segments(kept)
        said = [
            mark_values(recording.recording_id, number, mark)
            for number, mark in enumerate(recording.marks, start=1)
        ]
        if said:
            self._session.execute(insert(marks).values(said).on_conflict_do_nothing())

    def _upsert_segments(self, values: list[dict[str, Any]]) -> None:
        rows = insert(segments).values(values)
        changing = ("upload_id", "version_id", "stored_at")
        self._session.execute(
            rows.on_conflict_do_update(
                index_elements=["segment_id"],
                set_={name: rows.excluded[name] for name in changing},
            )
        )


class SqlRecordingWork(SqlWork[Announcement]):
    """What the *scope* does not cover is not there."""

    def __init__(self, session: Session, sealer: Sealer, scope: Scope) -> None:
        super().__init__(session, tables.mailbox, to_message, "recording")
        self.recordings = SqlRecordings(session, sealer, scope)
        self.sales = SqlSales(session, scope)
        self.products = SqlProducts(session)
        self.uploads = SqlUploads(session)
        self.scripts = ScriptFiles()
        self.custody = SqlCustody(session, custody)
