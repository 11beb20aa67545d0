"""A product was listed, or its terms changed."""

from dataclasses import dataclass

from services.recording.domain.known import Product
from services.recording.usecases.ports import RecordingWork


@dataclass(frozen=True, kw_only=True)
class NoteProduct:
    product: Product
    sequence: int


def note_product(command: NoteProduct, work: RecordingWork) -> None:
    work.products.keep(command.product, command.sequence)
