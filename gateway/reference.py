"""The table of addresses in docs/api.md, made from the operations."""

from pathlib import Path

from gateway.operation import Operation
from gateway.routes import OPERATIONS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "api.md"
BEGIN, END = "## The addresses\n", "## Adding one\n"
HEAD = "| | address | what for | permission |\n|---|---|---|---|\n"


def table() -> str:
    return HEAD + "".join(row(operation) for operation in OPERATIONS)


def row(one: Operation) -> str:
    what_for = f"{one.summary} · {one.summary.zh}"
    return f"| {one.method} | `/v1{one.path}` | {what_for} | {one.permission} |\n"


def rewritten(page: str) -> str:
    """The page with its table brought up to date."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def write() -> None:
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
