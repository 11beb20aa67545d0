"""Nothing but processes started by deploy.local can be told another time."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.local import certificates, clock, environment, settings
from deploy.local.ports import SERVICES
from deploy.local.secrets import Secrets
from deploy.local.settings import Settings

CHECKOUT = settings.CHECKOUT
SHIPPED = ("services", "chassis", "gateway", "contracts")
WORDS_OF_THE_LOCAL_CLOCK = ("clock-offset", "clock_offset", "OffsetClock")

WITNESSES = """
import dataclasses, importlib, runpy, sys

def tell(config, clock):
    print(clock().isoformat())
    raise SystemExit

names = sys.argv[1:]
for name in names:
    bootstrap = importlib.import_module(f"services.{name}.bootstrap")
    bootstrap.SERVICE = dataclasses.replace(bootstrap.SERVICE, rpc=tell)
"""
STARTED_AS_SHIPPED = """
sys.argv[1:] = ["rpc"]
for name in names:
    try:
        runpy.run_module(f"services.{name}", run_name="__main__")
    except SystemExit as left:
        assert not left.code, left.code
"""
STARTED_LOCALLY = """
from deploy.local import process, settings
process.run(settings.read(), "rpc", names)
"""


def offences(source: str) -> Iterator[str]:
    """Why a module could know the time of the local stack."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("deploy"))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("deploy"):
            yield str(node.module)
    yield from (word for word in WORDS_OF_THE_LOCAL_CLOCK if word in source)


@pytest.mark.parametrize(
    "source",
    [
        "import deploy.local.clock",
        "from deploy.local import clock",
        "def late():\n    from deploy.local.clock import offset",
        "path = home / 'clock-offset'",
    ],
)
def test_reaching_for_the_local_clock_is_noticed(source: str) -> None:
    assert list(offences(source))


def test_nothing_that_is_shipped_reaches_for_the_local_clock() -> None:
    modules = [file for folder in SHIPPED for file in (CHECKOUT / folder).rglob("*.py")]

    guilty = {str(file): found for file in modules if (found := list(offences(file.read_text())))}

    assert modules
    assert guilty == {}


def ahead_of_real_time(stack: Settings, start: str, names: Sequence[str]) -> list[timedelta]:
    """By how much, as services see it that are told everything about the local stack."""
    everything = environment.of_services(stack, Secrets(stack.home / "secrets"), names)
    told = subprocess.run(
        [sys.executable, "-c", WITNESSES + start, *names],
        env={**os.environ, **stack.environ(), **everything, "LIHENG_PROBE_PORT": "0"},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )
    moments = [datetime.fromisoformat(line) for line in told.stdout.split()]
    assert len(moments) == len(names), told.stderr
    return [moment - datetime.now(UTC) for moment in moments]


@pytest.fixture
def a_month_ahead(tmp_path: Path) -> Settings:
    stack = settings.read({"LIHENG_HOME": str(tmp_path)})
    certificates.renew(stack, Secrets(stack.home / "secrets"))
    clock.forward(stack.clock_offset, timedelta(days=30))
    return stack


def test_a_service_started_locally_follows_the_local_clock(a_month_ahead: Settings) -> None:
    first = SERVICES[:1]

    (ahead,) = ahead_of_real_time(a_month_ahead, STARTED_LOCALLY, first)

    assert ahead > timedelta(days=29)


def test_services_started_in_any_other_way_have_real_time(a_month_ahead: Settings) -> None:
    ahead = ahead_of_real_time(a_month_ahead, STARTED_AS_SHIPPED, SERVICES)

    assert max(ahead) < timedelta(minutes=1)
