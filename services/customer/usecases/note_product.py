"""A product was listed; holdings are shown with its name."""

from dataclasses import dataclass

from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True, kw_only=True)
class NoteProduct:
    product_id: str
    name: str
    sequence: int


def note_product(command: NoteProduct, work: CustomerWork) -> None:
    work.products.put({command.product_id: command.name}, sequence=command.sequence)
