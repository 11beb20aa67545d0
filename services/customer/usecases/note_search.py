"""Somebody looks for a client by phone or identity number; the trail remembers, but not which."""

from dataclasses import dataclass

from chassis.trail import Entry
from services.customer.usecases.ports import CustomerWork


@dataclass(frozen=True)
class NoteSearch:
    kinds: tuple[str, ...]  # phone, identity_number


def note_search(command: NoteSearch, work: CustomerWork) -> None:
    work.record(Entry(action="customer.searched", details={"by": command.kinds}))
