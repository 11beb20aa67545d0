"""The dual recording of a sale was sealed."""

from dataclasses import dataclass
from datetime import datetime

from services.workflow.domain.decision import SealedRecording
from services.workflow.usecases.keep import keep
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class TakeRecording:
    sale_id: str
    recording: SealedRecording
    at: datetime


def take_recording(command: TakeRecording, work: WorkflowWork) -> None:
    sale = work.sales.claim(command.sale_id)
    caused = sale.take_recording(command.recording, at=command.at)
    keep(sale, caused, work)
