"""Read a workbook from standard input and write its cells as JSON to standard output.

Runs as a process of its own, under limits, and imports nothing of the project: a file made
to exhaust memory or to crash its reader takes nothing else down.
"""

import json
import resource
import sys
from datetime import date, datetime
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

MEMORY = 1_200_000_000  # bytes of address space
SECONDS = 60  # of processor time
MOST_CELLS = 3_000_000
LONGEST_CELL = 32_767  # what a spreadsheet program lets anybody type

READ, UNREADABLE, TOO_LARGE = 0, 3, 4


class TooLarge(Exception):
    """More cells than any book has."""


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        sheets = read_sheets(sys.stdin.buffer.read())
    except CalamineError:
        return UNREADABLE
    except (TooLarge, MemoryError):
        return TOO_LARGE
    sys.stdout.write(json.dumps(sheets, ensure_ascii=True))
    return READ


def read_sheets(content: bytes) -> dict[str, list[list[object]]]:
    workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    sheets: dict[str, list[list[object]]] = {}
    left = MOST_CELLS
    for title in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(title)
        left -= (sheet.height + 1) * (sheet.width + 1)
        if left < 0:
            raise TooLarge
        rows = sheet.to_python(skip_empty_area=False)
        sheets[title] = [[to_json(cell) for cell in row] for row in rows]
    return sheets


def to_json(cell: object) -> object:
    """Text and numbers as they are, a day as a list of its ISO text."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        return float(cell)
    if isinstance(cell, datetime):
        return [cell.date().isoformat()]
    if isinstance(cell, date):
        return [cell.isoformat()]
    return str(cell)[: LONGEST_CELL + 1]


if __name__ == "__main__":
    sys.exit(main())
