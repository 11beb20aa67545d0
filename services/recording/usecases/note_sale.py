"""A sale was drafted: it may be recorded."""

from dataclasses import dataclass

from services.recording.domain.known import Sale
from services.recording.usecases.ports import RecordingWork


@dataclass(frozen=True, kw_only=True)
class NoteSale:
    sale: Sale
    sequence: int


def note_sale(command: NoteSale, work: RecordingWork) -> None:
    work.sales.keep(command.sale, command.sequence)
