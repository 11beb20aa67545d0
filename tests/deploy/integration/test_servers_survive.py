"""A stack of its own, whose processes are killed one after the other."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import servers, settings, stack, stopping, strays
from deploy.local.report import path as report_path
from deploy.local.settings import Settings
from deploy.local.stack import Stack
from deploy.local.waiting import until
from tests.ports import unused_offset

PATIENCE = 60.0  # seconds


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("stack") / "home"
    environ = {"LIHENG_HOME": str(home), "LIHENG_PORT_OFFSET": str(unused_offset())}
    started = Stack.of(settings.read(environ))
    stack.servers_up(started)
    yield started
    stopping.stop(started.settings)


def the(settings: Settings, executable: str, shown: str = "") -> int:
    """The process that runs *executable* with *shown* on its command line."""
    return next(
        process.pid
        for process in strays.find(settings.home)
        if process.executable == executable
        and shown in Path(f"/proc/{process.pid}/cmdline").read_text()
    )


def all_ready(running: Stack) -> bool:
    return all(server.ready(running.settings, running.secrets) for server in servers.SERVERS)


def gone(settings: Settings, pid: int) -> bool:
    return pid not in {process.pid for process in strays.find(settings.home)}


@pytest.mark.parametrize(
    ("program", "executable", "shown"),
    [
        ("postgres", "postgres", "-D"),
        ("postgres", "postgres", "checkpointer"),
        ("s3", "weed", ""),
        ("epmd", "epmd", ""),
        ("rabbitmq", "beam.smp", ""),
    ],
)
def test_a_killed_server_comes_back(
    running: Stack, program: str, executable: str, shown: str
) -> None:
    victim = the(running.settings, executable, shown)

    os.kill(victim, signal.SIGKILL)

    assert until(lambda: gone(running.settings, victim), PATIENCE)
    assert until(lambda: all_ready(running), PATIENCE)


def test_the_report_says_who_died_and_how(running: Stack) -> None:
    report = report_path(running.settings).read_text()

    assert "s3 died" in report
    assert "terminated by SIGKILL" in report


def test_starting_again_changes_nothing(running: Stack) -> None:
    before = the(running.settings, "postgres", "-D")

    assert not stack.servers_up(running)
    assert the(running.settings, "postgres", "-D") == before


def test_servers_outlive_a_killed_supervisor_and_stop_leaves_nothing(running: Stack) -> None:
    supervisor = next(p.pid for p in strays.find(running.settings.home) if not p.program)

    os.kill(supervisor, signal.SIGKILL)

    assert until(lambda: gone(running.settings, supervisor), PATIENCE)
    assert all_ready(running)
    stopping.stop(running.settings)
    assert strays.find(running.settings.home) == []
