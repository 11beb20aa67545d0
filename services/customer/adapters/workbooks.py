"""Spreadsheet files, read in a process of their own that may not grow or run for ever."""

import json
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from chassis.errors import Invalid
from services.customer.adapters.read_workbook import READ, TOO_LARGE
from services.customer.domain.book.cells import Cell, Workbook

READER = Path(__file__).with_name("read_workbook.py")
SECONDS = 120.0
UNPACKED = 300_000_000  # bytes
MOST_PARTS = 2_000


class ExcelFiles:
    """xlsx, xlsm, xlsb, xls and ods files."""

    def read(self, content: bytes) -> Workbook:
        """Raise Invalid when the file is no workbook or is larger than any book."""
        check_unpacked_size(content)
        try:
            reader = subprocess.run(  # noqa: S603
                [sys.executable, "-P", str(READER)],
                input=content,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise too_large() from None
        if reader.returncode == READ:
            return workbook(reader.stdout)
        crashed = reader.returncode < 0 or reader.returncode == TOO_LARGE
        raise too_large() if crashed else not_a_workbook()


def check_unpacked_size(content: bytes) -> None:
    """Refuse archives that say themselves that they unpack to too much."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except BadZipFile:
        return
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise too_large()


def workbook(written: bytes) -> Workbook:
    sheets: dict[str, list[list[object]]] = json.loads(written)
    return {
        title: [[to_cell(cell) for cell in row] for row in rows] for title, rows in sheets.items()
    }


def to_cell(written: object) -> Cell:
    if isinstance(written, list):
        return date.fromisoformat(written[0])
    if isinstance(written, float | int):
        return float(written)
    return str(written)


def not_a_workbook() -> Invalid:
    return Invalid(
        "not_a_workbook",
        "the file is damaged or is not an Excel workbook; save it as .xlsx and send it again",
        "文件已损坏或不是 Excel 工作簿，请另存为 .xlsx 后重新上传",
    )


def too_large() -> Invalid:
    return Invalid(
        "workbook_too_large",
        "the workbook has more cells than a client book; remove empty areas or split it",
        "工作簿内容过大，请清除多余空白区域或拆分后重新上传",
    )
