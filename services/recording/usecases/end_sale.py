"""A sale was rescinded, refused or confirmed: nothing more is recorded for it."""

from dataclasses import dataclass
from datetime import datetime

from services.recording.domain.known import Sale
from services.recording.domain.recording import State
from services.recording.usecases.ports import RecordingWork

SYSTEM = "system"
REASON = "the sale has ended"


@dataclass(frozen=True, kw_only=True)
class EndSale:
    sale: Sale
    sequence: int
    at: datetime


def end_sale(command: EndSale, work: RecordingWork) -> None:
    work.sales.keep(command.sale, command.sequence)
    recording = work.recordings.of_sale(command.sale.sale_id)
    if recording is None or recording.state is not State.OPEN:
        return
    abandoned = recording.abandon(reason=REASON, by=SYSTEM, at=command.at)
    work.recordings.save(recording)
    if abandoned:
        work.announce(abandoned)
