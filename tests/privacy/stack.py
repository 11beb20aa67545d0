"""The application without recordings, each process in a process, on databases of a test's own."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from joserfc.jwk import OKPKey

from deploy.local.environment import SEALING
from tests.gateway.fakes import FakeProvider
from tests.gateway.running import free_port
from tests.gateway.signing import AUDIENCE, Signing
from tests.patience import until
from tests.privacy import dragnet

ROOT = Path(__file__).parents[2]
SERVICES = ("customer", "product", "suitability", "workflow", "analytics")
OWNERS = (*SERVICES, "gateway")
KEY = b64encode(bytes(32)).decode()


@dataclass
class Stack:
    databases: Mapping[str, str]
    amqp_url: str
    logs: Path
    signing: Signing
    caller_key: OKPKey = field(default_factory=lambda: OKPKey.generate_key("Ed25519"))
    ports: dict[str, int] = field(default_factory=dict)
    probes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in (*OWNERS, "recording"):
            self.ports[name] = self._unused_port()

    def _unused_port(self) -> int:
        """None twice: what is free now may have been given to a process that is yet to start."""
        taken = {*self.ports.values(), *self.probes.values()}
        return next(port for port in iter(free_port, 0) if port not in taken)

    def environ(self) -> dict[str, str]:
        """Each process is told everything; nothing here is kept."""
        told = {
            "LIHENG_HOME": str(self.logs.parent / "home"),
            "LIHENG_AMQP_URL": self.amqp_url,
            "LIHENG_CALLER_KEY": json.dumps(self.caller_key.as_dict(private=False)),
            "LIHENG_CALLER_SIGNING_KEY": json.dumps(self.caller_key.as_dict(private=True)),
            "LIHENG_CUSTOMER_MASTER_KEYS": f"m1:{KEY}",
            "LIHENG_CUSTOMER_INDEX_KEY": KEY,
            "LIHENG_SUITABILITY_LICENCE": "fund_distributor",
            "LIHENG_GATEWAY_SEALING_KEY": KEY,
            "LIHENG_OIDC_ISSUER": self.signing.issuer,
            "LIHENG_OIDC_AUDIENCE": AUDIENCE,
            "LIHENG_GATEWAY_ADDRESS": f"127.0.0.1:{self.ports['gateway']}",
            "LIHENG_LOG_LEVEL": "DEBUG",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'contracts'}",
        }
        for name in SEALING:
            told[f"LIHENG_{name.upper()}_MASTER_KEYS"] = f"m1:{KEY}"
            told[f"LIHENG_{name.upper()}_INDEX_KEY"] = KEY
        for name, url in self.databases.items():
            told[f"LIHENG_{name.upper()}_DATABASE_URL"] = url
        for name, port in self.ports.items():
            told[f"LIHENG_{name.upper()}_RPC_ADDRESS"] = f"127.0.0.1:{port}"
        return os.environ | told

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        self.probes[name] = self._unused_port()
        with (self.logs / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=self.environ() | {"LIHENG_PROBE_PORT": str(self.probes[name])},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def ready(self) -> bool:
        try:
            answers = [
                httpx.get(f"http://127.0.0.1:{port}/readyz").status_code
                for port in self.probes.values()
            ]
        except httpx.TransportError:
            return False
        return set(answers) == {httpx.codes.OK}

    def ask(
        self, method: str, path: str, by: tuple[str, str], media_type: str = "", **more: Any
    ) -> httpx.Response:
        staff_id, role = by
        token = self.signing.staff(role, staff_id=staff_id)
        headers = {"Authorization": f"Bearer {token}"}
        if media_type:
            headers["Content-Type"] = media_type
        url = f"http://127.0.0.1:{self.ports['gateway']}/v1{path}"
        return httpx.request(method, url, headers=headers, timeout=60, **more)


@contextmanager
def running(create_database: Callable[[str], str], amqp_url: str, folder: Path) -> Iterator[Stack]:
    provider = FakeProvider()
    signing = Signing(provider.issuer)
    provider.keys.append(signing.public)
    logs = folder / "logs"
    logs.mkdir()
    databases = {name: create_database(f"privacy_{name}") for name in OWNERS}
    stack = Stack(databases, amqp_url, logs, signing)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        migrate(stack)
        processes += [
            stack.start(command, "deploy.local", "process", command, *SERVICES)
            for command in ("rpc", "events", "relay")
        ]
        processes.append(stack.start("gateway", "gateway"))
        until("everything being ready", stack.ready, seconds=120)
        yield stack
    finally:
        for process in processes:
            process.kill()
            process.wait(10)
        provider.stop()


def migrate(stack: Stack) -> None:
    """One after the other where they share something: the virtual host is being filled."""
    for name in SERVICES:
        assert stack.start(f"migrate-{name}", f"services.{name}", "migrate").wait(120) == 0
    assert stack.start("migrate-gateway", "gateway", "migrate").wait(120) == 0
    stack.probes.clear()
    dragnet.tap(stack.amqp_url, SERVICES)
