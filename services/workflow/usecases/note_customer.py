"""Somebody is a customer from now on."""

from dataclasses import dataclass

from chassis.scope import Custody
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class NoteCustomer:
    customer_id: str
    custody: Custody
    sequence: int


def note_customer(command: NoteCustomer, work: WorkflowWork) -> None:
    work.register.put_customer(command.customer_id, command.sequence)
    work.custody.put(command.customer_id, command.custody, command.sequence)
