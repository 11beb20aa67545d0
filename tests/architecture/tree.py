"""The repository's own source files."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("services", "chassis", "gateway")
LINTED = (*SHIPPED, "deploy", "examples")
WRITTEN = (*LINTED, "bench", "proto")
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/__init__.py"))


def modules(*folders: str) -> list[Path]:
    """Python files of these folders, relative to the root."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT) for path in found)


@cache
def parsed(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text())


def imports(module: Path) -> Iterator[str]:
    """Full names of the modules it imports, wherever it does so."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
