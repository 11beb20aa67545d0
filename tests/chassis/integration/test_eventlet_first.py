"""An events process is patched before anything else, or does not start."""

import os
import subprocess
import sys

import pytest

from tests.chassis.stage import ROOT, Stage

PATCH = "from chassis import eventlet_first as first; first.patch(); "
IN_C = "from psycopg import waiting; waiting.wait = waiting.wait_c; "


def python(code: str, *argv: str) -> str:
    """What a process running *code* complained about."""
    ended = subprocess.run(
        [sys.executable, "-c", code, *argv],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.stderr


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("from chassis import eventlet_first as first; first.check()", "patch() was not called"),
        ("import psycopg; " + PATCH, "imported before eventlet could patch: psycopg"),
        (PATCH + "import grpc; first.check()", "grpc was imported"),
        (PATCH + IN_C + "first.check()", "freeze"),
    ],
    ids=["not patched", "too late", "grpc", "psycopg waits in C"],
)
def test_a_process_that_would_hang_does_not_start(code: str, complaint: str) -> None:
    assert complaint in python(code)


def test_a_patched_process_may_start(stage: Stage) -> None:
    code = PATCH + "import sys; first.check(); first.check_database(sys.argv[1])"

    assert python(code, stage.database_url) == ""


def test_a_process_that_freezes_while_a_statement_waits_is_noticed(stage: Stage) -> None:
    code = PATCH + IN_C + "import sys; first.check_database(sys.argv[1])"

    complaint = python(code, stage.database_url)

    assert "nothing else ran while a statement waited" in complaint
