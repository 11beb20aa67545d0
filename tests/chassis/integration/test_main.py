"""A service's commands, started as an operator starts them."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from joserfc.jwk import OKPKey

from tests.patience import until

KEY = json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=False))


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    return port


@pytest.fixture
def environ(postgres_url: Callable[[str], str], amqp_url: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("LIHENG_")}
    return own | {
        "LIHENG_PRODUCT_DATABASE_URL": postgres_url("product"),
        "LIHENG_AMQP_URL": amqp_url,
        "LIHENG_PRODUCT_RPC_ADDRESS": f"127.0.0.1:{free_port()}",
        "LIHENG_CALLER_KEY": KEY,
        "LIHENG_PROBE_PORT": str(free_port()),
    }


def finished(arguments: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.product", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)


@contextmanager
def running(command: str, environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "services.product", command],
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def probe(environ: dict[str, str], path: str) -> int:
    try:
        return httpx.get(f"http://127.0.0.1:{environ['LIHENG_PROBE_PORT']}{path}").status_code
    except httpx.TransportError:
        return 0


@pytest.mark.parametrize("command", ["rpc", "events", "relay"])
def test_a_process_becomes_ready_and_stops_when_it_is_told(
    command: str, environ: dict[str, str]
) -> None:
    assert finished(["migrate"], environ).returncode == 0

    with running(command, environ) as process:
        until("readiness", lambda: probe(environ, "/readyz") == 200)
        assert probe(environ, "/healthz") == 200
        assert probe(environ, "/metrics") == 200
        process.send_signal(signal.SIGTERM)

        output, _ = process.communicate(timeout=20)

    assert process.returncode == 0, output
    for line in output.splitlines():
        assert json.loads(line)["process"] == command


def test_everything_missing_is_reported_at_once() -> None:
    answer = finished(["rpc"], {"LIHENG_PROBE_PORT": "1"})

    assert answer.returncode == 2
    assert answer.stderr.splitlines()[:2] == [
        "product cannot start:",
        "LIHENG_PRODUCT_DATABASE_URL (or LIHENG_DATABASE_URL) is missing",
    ]
    assert "Traceback" not in answer.stderr


def test_migrating_again_changes_nothing(environ: dict[str, str]) -> None:
    first, second = finished(["migrate"], environ), finished(["migrate"], environ)

    assert first.stdout == second.stdout == "product: database at 0005, 1 subscriptions\n"


def test_an_unknown_command_shows_the_known_ones() -> None:
    answer = finished(["dance"], {})

    assert answer.returncode == 2
    assert "rpc" in answer.stderr


def test_a_service_does_not_listen_in_clear_where_others_could_hear() -> None:
    environ = {
        "LIHENG_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "LIHENG_AMQP_URL": "amqp://127.0.0.1:1",
        "LIHENG_RPC_ADDRESS": "0.0.0.0:0",
        "LIHENG_CALLER_KEY": KEY,
        "LIHENG_PROBE_PORT": str(free_port()),
    }

    answer = finished(["rpc"], environ)

    assert (answer.returncode, "LIHENG_PLAINTEXT" in answer.stderr) == (2, True)
    assert "Traceback" not in answer.stderr
