"""Compliance has approved, or rejected, who a customer is."""

from dataclasses import dataclass
from datetime import date

from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class NoteKyc:
    customer_id: str
    expires_on: date | None  # the first day it no longer counts; None: it does not count
    sequence: int


def note_kyc(command: NoteKyc, work: WorkflowWork) -> None:
    work.register.put_kyc(command.customer_id, command.expires_on, command.sequence)
