"""What runs beside the gateway: python -m gateway migrate, relay and trail."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.gateway.running import free_port
from tests.patience import until

ROOT = Path(__file__).parents[3]
Environ = dict[str, str]


@pytest.fixture(scope="module")
def environ(create_database: Callable[[str], str], create_vhost: Callable[[str], str]) -> Environ:
    return os.environ | {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'contracts'}",
        "LIHENG_GATEWAY_DATABASE_URL": create_database("gateway_beside"),
        "LIHENG_AMQP_URL": create_vhost("gateway_beside"),
        "LIHENG_PROBE_PORT": str(free_port()),
    }


def gateway(environ: Environ, *argv: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gateway", *argv]
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True)


@contextmanager
def relaying(environ: Environ) -> Iterator[None]:
    command = [sys.executable, "-m", "gateway", "relay"]
    process = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            assert process.wait(20) == 0
        finally:
            process.kill()


def ready(environ: Environ) -> bool:
    try:
        answer = httpx.get(f"http://127.0.0.1:{environ['LIHENG_PROBE_PORT']}/readyz")
    except httpx.HTTPError:
        return False
    return answer.status_code == 200


def one(environ: Environ, statement: str) -> object:
    with psycopg.connect(environ["LIHENG_GATEWAY_DATABASE_URL"]) as session:
        (found,) = session.execute(statement.encode()).fetchone() or (None,)
    return found


def test_the_gateway_migrates_relays_and_verifies(environ: Environ) -> None:
    migrated = gateway(environ, "migrate")
    assert migrated.returncode == 0, migrated.stderr

    with relaying(environ):
        until("readiness", lambda: ready(environ))
        until("an event that nobody wants", lambda: one(environ, "SELECT returned_at FROM outbox"))

    announced = one(environ, "SELECT type || ' ' || subject FROM outbox")
    assert announced == "liheng.gateway.v1.TrailAnchored gateway"
    verified = gateway(environ, "trail", "verify")
    assert verified.returncode == 0, verified.stderr
    assert "gateway: intact up to position 0" in verified.stdout


@pytest.mark.parametrize("argv", [["rewrite"], ["migrate", "twice"], ["trail"]])
def test_what_is_not_understood_is_refused(environ: Environ, argv: list[str]) -> None:
    refused = gateway(environ, *argv)

    assert refused.returncode != 0
    assert "usage" in refused.stderr
