import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local import strays
from deploy.local.waiting import until

Start = Callable[..., subprocess.Popen[bytes]]
WAITS = "import signal; signal.pause()"
REFUSES = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(); " + WAITS
PATIENCE = 10.0  # seconds


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a process of the stack in *home*."""
    started: list[subprocess.Popen[bytes]] = []

    def run(home: Path, code: str = WAITS) -> subprocess.Popen[bytes]:
        environ = {**os.environ, strays.VARIABLE: strays.mark(home), "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-c", code]
        started.append(subprocess.Popen(command, env=environ, stdout=subprocess.PIPE))
        assert until(lambda: started[-1].pid in pids(home), PATIENCE)
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def pids(home: Path) -> set[int]:
    return {process.pid for process in strays.find(home)}


def test_processes_of_a_stack_are_found_by_its_mark(start: Start, tmp_path: Path) -> None:
    process = start(tmp_path / "ours")

    assert pids(tmp_path / "ours") == {process.pid}


def test_processes_of_another_stack_are_left_alone(start: Start, tmp_path: Path) -> None:
    other = start(tmp_path / "other")

    strays.end(strays.find(tmp_path / "ours"), PATIENCE)

    assert other.poll() is None


def test_processes_end_when_they_are_asked_to(start: Start, tmp_path: Path) -> None:
    process = start(tmp_path)

    strays.end(strays.find(tmp_path), PATIENCE)

    assert process.wait(PATIENCE) == -15


def test_who_does_not_listen_is_killed(start: Start, tmp_path: Path) -> None:
    process = start(tmp_path, REFUSES)
    assert process.stdout is not None
    process.stdout.readline()

    strays.end(strays.find(tmp_path), patience=0.2)

    assert process.wait(PATIENCE) == -9
