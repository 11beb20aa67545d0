"""A small book, and the words to talk about what became of it."""

from collections.abc import Callable
from dataclasses import replace

from services.customer.domain.book.cells import Workbook
from services.customer.domain.importing import Import, ImportResult
from services.customer.usecases.start_import import StartImport, start_import
from tests.customer.unit.books import ADA, HEADER, book_of
from tests.customer.unit.fakes import FakeWork
from tests.customer.unit.people import NOON

HOLDING = ("K1", "P1", "10万", 105000.0)
TRADE = ("2026-01-05", "K1", "P1", "申购", "10万")
BOOK = book_of(holdings=[HOLDING], transactions=[TRADE], family=[("K1", "配偶", "K2")])


Apply = Callable[[Workbook], Import]


def start(work: FakeWork, import_id: str, **otherwise: object) -> None:
    command = StartImport(
        import_id=import_id,
        file_name="book.xlsx",
        content=b"book",
        by="s-ops",
        roles=frozenset({"operations"}),
        at=NOON,
    )
    start_import(replace(command, **otherwise), work)  # type: ignore[arg-type]


def result(done: Import) -> ImportResult:
    assert done.result is not None
    return done.result


def kinds(work: FakeWork) -> list[str]:
    return [type(event).__name__ for event in work.announced]


def codes(work: FakeWork, done: Import) -> list[str]:
    return [note.problem.code for note in work.imports.notes[done.import_id]]


def with_adviser(name: str, team: str = "") -> Workbook:
    rows = [(*HEADER, "理财顾问", "所属团队"), (*ADA, name, team)]
    return {**book_of(), "客户信息": rows}
