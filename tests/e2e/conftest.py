"""A whole stack of its own, started as a new user starts it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local import settings, strays
from deploy.local.strays import Process
from tests.ports import unused_offset

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class LocalStack:
    environ: Mapping[str, str]
    first_run: str

    def command(self, *words: str, timeout: float = 400) -> subprocess.CompletedProcess[str]:
        return run(self.environ, *words, timeout=timeout)

    def processes(self) -> list[Process]:
        return strays.find(settings.read(self.environ).home)


def run(
    environ: Mapping[str, str], *words: str, timeout: float = 400
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.local", *words],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
    )


@pytest.fixture(scope="session")
def local_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    environ = {
        "LIHENG_HOME": str(tmp_path_factory.mktemp("stack") / "var"),
        "LIHENG_PORT_OFFSET": str(unused_offset()),
    }
    try:
        first = run(environ, "run")
        assert first.returncode == 0, first.stdout
        yield LocalStack(environ, first.stdout)
    finally:
        run(environ, "stop")
