"""Nothing but processes started by deploy.local can be told another time."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.local import application, clock, environment, settings
from deploy.local.secrets import Secrets

CHECKOUT = settings.CHECKOUT
SHIPPED = ("services", "chassis", "gateway", "contracts")
WORDS_OF_THE_LOCAL_CLOCK = ("clock-offset", "clock_offset", "OffsetClock")

WITNESS = """
import dataclasses, importlib, runpy, sys
name = sys.argv[1]

def tell(config, clock):
    print(clock().isoformat())
    raise SystemExit

bootstrap = importlib.import_module(f"services.{name}.bootstrap")
bootstrap.SERVICE = dataclasses.replace(bootstrap.SERVICE, rpc=tell)
sys.argv[1:] = ["rpc"]
runpy.run_module(f"services.{name}", run_name="__main__")
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


@pytest.mark.parametrize("service", application.services())
def test_a_service_started_in_any_other_way_has_real_time(service: str, tmp_path: Path) -> None:
    stack = settings.read({"LIHENG_HOME": str(tmp_path)})
    clock.forward(stack.clock_offset, timedelta(days=30))
    everything = environment.of_services(stack, Secrets(tmp_path / "secrets"), [service])

    told = subprocess.run(
        [sys.executable, "-c", WITNESS, service],
        env={**os.environ, **stack.environ(), **everything, "LIHENG_PROBE_PORT": "0"},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )

    assert told.stdout, told.stderr
    assert abs(datetime.fromisoformat(told.stdout.strip()) - datetime.now(UTC)) < timedelta(
        minutes=1
    )
