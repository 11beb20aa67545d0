"""Files that are no client book, or that were made to do harm."""

import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook as XlsxWorkbook

from chassis.errors import Invalid
from services.customer.adapters.workbooks import ExcelFiles
from services.customer.domain.book.book import clean
from tests.customer.unit.books import TODAY, book_of, xlsx


def code_of(content: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        ExcelFiles().read(content)
    return caught.value.code


def test_a_workbook_is_read_as_it_was_written() -> None:
    workbook = book_of(holdings=[("K1", "P1", 1.5, 100.0)])

    assert clean(ExcelFiles().read(xlsx(workbook)), TODAY) == clean(workbook, TODAY)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"%PDF-1.7", "客户编号,客户姓名\nK1,林爱达\n".encode(), bytes(1000)],
    ids=["empty", "half a zip", "pdf", "csv", "zeros"],
)
def test_a_file_of_another_kind_is_refused(content: bytes) -> None:
    assert code_of(content) == "not_a_workbook"


def test_a_damaged_workbook_is_refused() -> None:
    content = xlsx(book_of())

    assert code_of(content[: len(content) // 2]) == "not_a_workbook"


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    assert code_of(zipped({"readme.txt": b"hello"})) == "not_a_workbook"


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    assert code_of(zipped({"xl/worksheets/sheet1.xml": bytes(301_000_000)})) == "workbook_too_large"


def test_an_archive_of_too_many_parts_is_refused() -> None:
    assert code_of(zipped({f"part-{n}": b"" for n in range(2001)})) == "workbook_too_large"


def test_a_sheet_blown_up_by_one_far_cell_is_refused() -> None:
    made = XlsxWorkbook()
    made.worksheets[0]["A1"] = "客户编号"
    made.worksheets[0]["XFD1048576"] = "far away"
    buffer = BytesIO()
    made.save(buffer)

    assert code_of(buffer.getvalue()) == "workbook_too_large"


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()
