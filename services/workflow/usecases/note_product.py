"""The catalogue changed."""

from dataclasses import dataclass

from services.workflow.domain.register import Product
from services.workflow.usecases.ports import WorkflowWork


@dataclass(frozen=True, kw_only=True)
class NoteProduct:
    product: Product
    sequence: int


def note_product(command: NoteProduct, work: WorkflowWork) -> None:
    work.register.put_product(command.product, command.sequence)
