"""The local sign-in as `make run` starts it, with a gateway that trusts it."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local import settings
from deploy.local.environment import of_gateway
from deploy.local.identity.institution import read
from deploy.local.identity.tokens import Desk
from deploy.local.secrets import Secrets
from gateway.config import GatewayConfig
from tests.gateway.integration.house import House, opened
from tests.gateway.running import free_port, running
from tests.gateway.signing import Signing

PATIENCE = 30.0  # seconds


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory) -> settings.Settings:
    home = str(tmp_path_factory.mktemp("home"))
    return settings.read({"LIHENG_HOME": home, "LIHENG_PORT_IDENTITY": str(free_port())})


@contextmanager
def provider_running(here: settings.Settings) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.local.identity"],
        env={**os.environ, **here.environ()},
        cwd=Path(__file__).parents[3],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: answers(here.ports["identity"]))
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


@pytest.fixture(scope="session")
def sign_in(here: settings.Settings) -> Iterator[Desk]:
    with provider_running(here):
        yield Desk(here.url("identity"), Secrets(here.home / "secrets"), read())


@pytest.fixture(scope="session")
def gateway_url(config: GatewayConfig, here: settings.Settings) -> Iterator[str]:
    """Told about the provider exactly what the stack tells it."""
    told = of_gateway(here, Secrets(here.home / "secrets"))
    trusting = replace(
        config,
        oidc_issuer=told["LIHENG_OIDC_ISSUER"],
        oidc_audience=told["LIHENG_OIDC_AUDIENCE"],
        oidc_team_claim=told["LIHENG_OIDC_TEAM_CLAIM"],
        oidc_branch_claim=told["LIHENG_OIDC_BRANCH_CLAIM"],
        oidc_client_id=told["LIHENG_OIDC_CLIENT_ID"],
        oidc_client_secret=told["LIHENG_OIDC_CLIENT_SECRET"],
        second_factor=told["LIHENG_GATEWAY_SECOND_FACTOR"] != "false",
        address=f"127.0.0.1:{free_port()}",
    )
    with running(trusting) as url:
        yield url


@pytest.fixture
def feed_config(
    config: GatewayConfig,
    postgres_url: Callable[[str], str],
    create_vhost: Callable[[str], str],
) -> GatewayConfig:
    """A broker of the test's own, and an address."""
    return replace(
        config,
        database_url=postgres_url("gateway"),
        amqp_url=create_vhost("feed"),
        address=f"127.0.0.1:{free_port()}",
    )


@pytest.fixture
def house(feed_config: GatewayConfig, signing: Signing) -> Iterator[House]:
    with opened(feed_config, signing) as house:
        yield house
