from pathlib import Path

import pytest

from deploy.local import report, settings
from deploy.local.settings import Settings

SUPERVISORD = """\
2026-03-01 12:00:00,000 INFO spawned: 'rpc' with pid 41
2026-03-01 12:00:09,000 WARN exited: rpc (terminated by SIGKILL; not expected)
"""


@pytest.fixture
def stack(tmp_path: Path) -> Settings:
    stack = settings.read({"LIHENG_HOME": str(tmp_path)})
    stack.logs.mkdir()
    return stack


def test_a_death_is_reported_with_its_cause_and_the_end_of_its_log(stack: Settings) -> None:
    (stack.logs / "supervisord.log").write_text(SUPERVISORD)
    (stack.logs / "rpc.log").write_text("started\nlast words\n")

    report.write(stack, "PROCESS_STATE_EXITED", "rpc")

    told = report.path(stack).read_text()
    assert "rpc died" in told
    assert "terminated by SIGKILL" in told
    assert "last words" in told


def test_a_program_without_a_log_is_reported_too(stack: Settings) -> None:
    report.write(stack, "PROCESS_STATE_BACKOFF", "rpc")

    assert "rpc died soon after its start" in report.path(stack).read_text()


def test_a_long_log_is_cut_and_goes_on(stack: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "LONGEST_LOG", 10)
    log = stack.logs / "rpc.log"
    with log.open("a") as writer:
        print("an earlier line", file=writer, flush=True)

        report.cut_logs(stack)
        print("a later line", file=writer, flush=True)

    assert log.read_text() == "a later line\n"
    assert log.with_suffix(".log.earlier").read_text() == "an earlier line\n"
