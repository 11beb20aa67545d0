"""Who left stays out, also of a gateway that starts while the staff register is away."""

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import psycopg
import pytest

from gateway.config import GatewayConfig
from tests.gateway.fakes import Answers
from tests.gateway.running import free_port, running
from tests.gateway.signing import Signing
from tests.patience import until

ROOT = Path(__file__).parents[3]
LEAVER = "s-leaver"
START = 60.0  # seconds for a process, on a busy machine


@pytest.fixture
def told(config: GatewayConfig, postgres_url: Callable[[str], str]) -> Iterator[GatewayConfig]:
    """With a database in which the register has said nothing yet."""
    url = postgres_url("gateway")
    forget(url)
    yield replace(config, database_url=url, address=f"127.0.0.1:{free_port()}")
    forget(url)


def forget(url: str) -> None:
    with psycopg.connect(url) as session:
        session.execute("DELETE FROM leavers")


def registerless(told: GatewayConfig) -> GatewayConfig:
    return replace(told, customer_rpc_address=f"127.0.0.1:{free_port()}")


def environ_of(config: GatewayConfig) -> dict[str, str]:
    named = {
        **vars(config),
        "sealing_key": b64encode(config.sealing_key).decode(),
        "previous_sealing_key": b64encode(config.previous_sealing_key).decode(),
        "probe_port": free_port(),
        "webhook_networks": "",
        "second_factor": str(config.second_factor).lower(),
        "plaintext": "false",
        "systems_need_certificates": "false",
    }
    told = {f"LIHENG_GATEWAY_{name.upper()}": str(value) for name, value in named.items()}
    return {**os.environ, **told, "PYTHONPATH": f"{ROOT}:{ROOT / 'contracts'}"}


@contextmanager
def process(config: GatewayConfig) -> Iterator[str]:
    """python -m gateway, until it is killed."""
    command = [sys.executable, "-m", "gateway"]
    started = subprocess.Popen(command, env=environ_of(config), cwd=ROOT, stdout=subprocess.DEVNULL)
    url = f"http://{config.address}"
    try:
        until("the gateway", lambda: listens(url), START)
        yield url
    finally:
        started.kill()
        started.wait()


def listens(url: str) -> bool:
    try:
        return httpx.get(f"{url}/v1/me", trust_env=False).status_code == 401
    except httpx.HTTPError:
        return False


def asked(url: str, token: str) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.get(f"{url}/v1/me", headers=headers, trust_env=False)
    return answer.status_code, answer.json().get("code", "")


def test_killed_and_started_without_the_register_it_knows_who_left(
    told: GatewayConfig, signing: Signing, answers: Answers
) -> None:
    leaver, other = signing.staff("adviser", staff_id=LEAVER), signing.staff("adviser")
    with process(told) as url:
        assert asked(url, leaver) == (200, "")
        answers.left.add(LEAVER)
        try:
            until("the end of it", lambda: asked(url, leaver) == (401, "staff_deactivated"))
        finally:
            answers.left.clear()

    with process(registerless(told)) as url:
        assert asked(url, leaver) == (401, "staff_deactivated")
        assert asked(url, other) == (200, "")


def test_before_the_register_ever_spoke_no_staff_come_in(
    told: GatewayConfig, signing: Signing
) -> None:
    with running(registerless(told)) as url:
        assert asked(url, signing.staff("adviser")) == (503, "staff_register_away")
        assert asked(url, signing.system("client-app", "system")) == (200, "")


def test_the_register_is_asked_before_anybody_is_let_in(
    told: GatewayConfig, signing: Signing, answers: Answers
) -> None:
    answers.left.add(LEAVER)
    try:
        with running(told) as url:
            assert asked(url, signing.staff("adviser", staff_id=LEAVER))[0] == 401
    finally:
        answers.left.clear()


def test_who_came_back_is_let_in_again_by_the_next_gateway(
    told: GatewayConfig, signing: Signing, answers: Answers
) -> None:
    answers.left.add(LEAVER)
    token = signing.staff("adviser", staff_id=LEAVER)
    with running(told) as url:
        answers.left.clear()
        until("the return", lambda: asked(url, token)[0] == 200)

    with running(registerless(told)) as url:
        assert asked(url, token)[0] == 200
