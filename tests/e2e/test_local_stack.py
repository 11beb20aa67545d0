"""What `make run` promises, seen from outside; the tests build on one another."""

import os
import signal

import pytest

from tests.e2e.conftest import LocalStack
from tests.patience import until

pytestmark = pytest.mark.timeout(420)

TOLD = (
    "1960 customers (1960 new, 0 unchanged), 55 duplicate rows merged, 40 rejected",
    "3904 holdings, 8184 transactions, 157 family links, AUM ¥10,465,571,902.00",
    "the adviser approves the KYC of their own client: refused",
    "the adviser answers for the client: refused",
    "BLOCK LH-MF-05",
    "REQUIRE LH-MF-05",
    "ALLOW LH-PF-04",
    "signing without a decision: refused",
    "signing without a recording: refused",
    "recording sealed",
    "the service desk calls inside the cooling-off: refused",
    "the adviser makes the callback: refused",
    "¥1200000.00 refunded",
    "AUM moved by exactly ¥1,200,000.00",
    "Where to look",
)


def test_the_first_run_tells_the_whole_story(local_stack: LocalStack) -> None:
    missing = [line for line in TOLD if line not in local_stack.first_run]

    assert not missing, local_stack.first_run


def test_any_process_may_be_killed_and_the_journey_still_passes(local_stack: LocalStack) -> None:
    programs = sorted({process.program for process in local_stack.processes()} - {""})
    assert {"postgres", "rabbitmq", "gateway", "rpc", "events", "relay"} <= set(programs)

    for program in programs:
        kill_first_of(local_stack, program)
        until(f"{program} coming back", lambda: is_ready(local_stack), seconds=90)

    second = local_stack.command("run")
    assert second.returncode == 0, second.stdout
    assert "1960 customers (0 new, 1960 unchanged)" in second.stdout


def test_the_supervisor_may_be_killed_too(local_stack: LocalStack) -> None:
    (supervisor,) = [process for process in local_stack.processes() if not process.program]
    os.kill(supervisor.pid, signal.SIGKILL)

    third = local_stack.command("run")

    assert third.returncode == 0, third.stdout


def test_stopping_leaves_no_process_behind(local_stack: LocalStack) -> None:
    stopped = local_stack.command("stop")

    assert stopped.returncode == 0, stopped.stdout
    assert local_stack.processes() == []


def kill_first_of(stack: LocalStack, program: str) -> None:
    oldest = min(p.pid for p in stack.processes() if p.program == program)
    os.kill(oldest, signal.SIGKILL)
    until(f"{program} being gone", lambda: oldest not in {p.pid for p in stack.processes()})


def is_ready(stack: LocalStack) -> bool:
    return stack.command("status").returncode == 0
