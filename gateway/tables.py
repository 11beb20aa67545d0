"""Lists as files that spreadsheets open: CSV in UTF-8, in which nothing is taken for a formula."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from starlette.responses import StreamingResponse

MEDIA_TYPE = "text/csv"
BOM = "\ufeff"  # without it spreadsheets take Chinese for something else
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def table(
    file_name: str, columns: Sequence[str], pages: AsyncIterator[Iterable[Any]]
) -> StreamingResponse:
    """*pages* of messages with these fields; written as they come."""

    async def written() -> AsyncIterator[str]:
        yield BOM + line(columns)
        async for rows in pages:
            yield "".join(line([getattr(row, name) for name in columns]) for row in rows)

    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return StreamingResponse(written(), media_type=MEDIA_TYPE, headers=headers)


def line(values: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([cell(value) for value in values])
    return out.getvalue()


def cell(value: Any) -> str:
    """Text that a spreadsheet would work out begins with an apostrophe; numbers stay numbers."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULAS) else value
    if isinstance(value, Iterable):
        return cell(" ".join(map(str, value)))
    return str(value)


async def first(pages: AsyncIterator[Any]) -> AsyncIterator[Any]:
    """The same pages, the first of them fetched already: a refusal comes before the answer."""
    ahead = await anext(pages)
    return _with(ahead, pages)


async def _with(ahead: Any, pages: AsyncIterator[Any]) -> AsyncIterator[Any]:
    yield ahead
    async for page in pages:
        yield page
