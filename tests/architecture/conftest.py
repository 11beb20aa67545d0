"""A copy of the tree that tests may break."""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.tree import LINTED, ROOT, modules

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@dataclass(frozen=True)
class Copy:
    root: Path

    @contextmanager
    def with_import(self, importer: str, imported: str) -> Iterator[None]:
        """*importer* is made if it is not there."""
        path = self.root / f"{importer.replace('.', '/')}.py"
        before = path.read_text() if path.exists() else None
        path.write_text(f"{before or ''}\nimport {imported}\n")
        yield
        if before is None:
            path.unlink()
        else:
            path.write_text(before)

    def lint(self, *contracts: str) -> subprocess.CompletedProcess[str]:
        """Check these contracts, or all; only what is in the copy can be seen."""
        paths = (self.root, self.root / "contracts", sysconfig.get_path("purelib"))
        chosen = [argument for contract in contracts for argument in ("--contract", contract)]
        return subprocess.run(
            [sys.executable, "-S", "-c", LINT, "--no-logo", *chosen],
            cwd=self.root,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths)), "COLUMNS": "1000"},
            capture_output=True,
            text=True,
        )


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    root = tmp_path_factory.mktemp("tree")
    for module in modules(*LINTED, "contracts"):
        (root / module).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / module, root / module)
    shutil.copy(ROOT / ".importlinter", root)
    return Copy(root)
