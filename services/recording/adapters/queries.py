"""What is answered about recordings, read without a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.custody import Scopes
from chassis.paging import Order, Page
from chassis.sealing.sealer import Sealer
from services.recording.adapters.database import load, recordings_seen
from services.recording.adapters.rows import to_recording
from services.recording.adapters.tables import recordings
from services.recording.domain.recording import Recording, State

NEWEST_FIRST = Order((recordings.c.opened_at, recordings.c.recording_id), descending=True)


@dataclass(frozen=True, kw_only=True)
class RecordingFilter:
    sale_id: str = ""
    customer_id: str = ""
    state: State | None = None

    def narrow(self, statement: sa.Select[Any]) -> sa.Select[Any]:
        for column, value in (
            (recordings.c.sale_id, self.sale_id),
            (recordings.c.customer_id, self.customer_id),
            (recordings.c.state, self.state),
        ):
            if value:
                statement = statement.where(column == value)
        return statement


class RecordingQueries:
    """Answers what the caller sees; there is nothing else."""

    def __init__(self, engine: sa.Engine, sealer: Sealer, scopes: Scopes) -> None:
        self._engine = engine
        self._sealer = sealer
        self.scope = scopes

    def one(self, recording_id: str) -> Recording:
        scope = self.scope()
        with self._engine.connect() as connection:
            return load(connection, recording_id, self._sealer, scope)

    def page(self, wanted: RecordingFilter, page: Page) -> tuple[Sequence[Recording], str]:
        """Without segments and marks."""
        statement = NEWEST_FIRST.page(wanted.narrow(recordings_seen(self.scope())), page)
        with self._engine.connect() as connection:
            rows = connection.execute(statement).all()
        shown, following = NEWEST_FIRST.cut(rows, page)
        return [to_recording(row, self._sealer) for row in shown], following
