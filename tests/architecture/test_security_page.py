"""What the security page names as proof is there."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.architecture.tree import ROOT

PAGE = ROOT / "docs" / "security.md"
NAMED = re.compile(r"`(?P<file>[\w./-]+\.(?:py|toml|txt|md))(?:::(?P<test>\w+))?`")
PROVEN_BY = "proven by"


def missing(text: str) -> list[str]:
    """Files and tests that *text* names and that there are not."""
    return [
        found[0].strip("`")
        for found in NAMED.finditer(text)
        if not (ROOT / found["file"]).is_file()
        or (found["test"] and found["test"] not in sentences_in(found["file"]))
    ]


@cache
def sentences_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef))


def rows(text: str) -> Iterator[str]:
    """Of tables that promise proof."""
    proven = False
    for line in text.splitlines():
        if not line.startswith("|"):
            proven = False
        elif PROVEN_BY in line:
            proven = True
        elif proven and not line.startswith("|---"):
            yield line


def unproven(text: str) -> list[str]:
    """Rows that name no file of ours, or no test."""
    return [
        row
        for row in rows(text)
        if {bool(found["test"]) for found in NAMED.finditer(row)} != {True, False}
    ]


def test_every_file_and_test_named_is_there() -> None:
    assert missing(PAGE.read_text(encoding="utf-8")) == []


def test_every_row_names_what_does_it_and_what_proves_it() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert len(list(rows(text))) > 30
    assert unproven(text) == []


@pytest.mark.parametrize(
    "named",
    [
        "chassis/no_such_file.py",
        "tests/architecture/test_security_page.py::test_that_is_not_there",
        "tests/no_such_test.py::test_that_is_not_there",
    ],
)
def test_what_is_not_there_is_noticed(named: str) -> None:
    assert missing(f"| a | `{named}` |") == [named]


@pytest.mark.parametrize("row", ["| a | b | c | d |", "| a | b | `chassis/rpc.py` | a test |"])
def test_a_row_without_proof_is_noticed(row: str) -> None:
    head = "| risk | what is done | in | proven by |\n|---|---|---|---|\n"

    assert unproven(head + row) == [row]
