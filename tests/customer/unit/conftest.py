"""A work to import into, and a way to do it."""

from collections.abc import Callable
from itertools import count

import pytest

from services.customer.domain.book.cells import Workbook
from services.customer.domain.importing import Import
from services.customer.usecases.apply_import import ApplyImport, apply_import
from tests.customer.unit.books import TODAY
from tests.customer.unit.fakes import FakeWork, FakeWorkbooks
from tests.customer.unit.imports import Apply, start
from tests.customer.unit.people import NOON, WANG


@pytest.fixture
def office() -> FakeWork:
    office = FakeWork()
    office.staff.put(WANG)
    return office


@pytest.fixture
def new_id() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"c-{next(numbers)}"


@pytest.fixture
def apply(office: FakeWork, new_id: Callable[[], str]) -> Apply:
    """Import a book; what was announced before is forgotten."""
    numbers = count(1)

    def applied(workbook: Workbook) -> Import:
        import_id = f"i-{next(numbers)}"
        office.workbooks = FakeWorkbooks(workbook)
        start(office, import_id)
        office.announced.clear()
        apply_import(ApplyImport(import_id=import_id, new_id=new_id, today=TODAY, at=NOON), office)
        return office.imports.get(import_id)

    return applied
