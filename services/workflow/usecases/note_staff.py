"""The staff register changed."""

from dataclasses import dataclass

from services.workflow.domain.register import StaffMember
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class NoteStaff:
    member: StaffMember
    sequence: int


def note_staff(command: NoteStaff, work: WorkflowWork) -> None:
    work.register.put_staff_member(command.member, command.sequence)
