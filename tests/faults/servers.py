"""Servers of our own that may be killed, and an empty place on them for each fault."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
from sqlalchemy import make_url

from deploy.local import environment, rabbitmq, servers, settings, stack, stopping, strays
from deploy.local.stack import Stack
from deploy.local.waiting import until
from tests.ports import unused_offset

PATIENCE = 90.0  # seconds
CONTROL = "/usr/lib/rabbitmq/bin/rabbitmqctl"


class Servers:
    def __init__(self, running: Stack) -> None:
        self._running = running
        self.settings = running.settings
        told = environment.of_tests(running.settings, running.secrets)
        os.environ.update(told)
        self._database = told["LIHENG_TEST_POSTGRES_URL"]
        self._broker = told["LIHENG_TEST_AMQP_URL"]
        self._api = told["LIHENG_TEST_AMQP_API"]

    @property
    def broker_port(self) -> int:
        return self.settings.ports["amqp"]

    def database(self, name: str) -> str:
        """An empty one."""
        with psycopg.connect(self._database, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return make_url(self._database).set(database=name).render_as_string(hide_password=False)

    def vhost(self, name: str) -> str:
        """An empty one."""
        address = make_url(self._broker).set(database=name)
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        with httpx.Client(base_url=self._api, trust_env=False) as api:
            api.put(f"/api/vhosts/{name}").raise_for_status()
            permissions = f"/api/permissions/{name}/{address.username}"
            api.put(permissions, json=everything).raise_for_status()
        return address.render_as_string(hide_password=False)

    def kill_broker(self) -> None:
        self._kill("beam.smp")

    def kill_database(self) -> None:
        self._kill("postgres", "-D")

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """As after kill -STOP of every process of it: connections hang, none is refused."""
        processes = [each.pid for each in strays.find(self.settings.home) if _is_postgres(each)]
        for pid in processes:
            os.kill(pid, signal.SIGSTOP)
        yield
        for pid in processes:
            os.kill(pid, signal.SIGCONT)

    def control(self, *words: str) -> None:
        """rabbitmqctl"""
        told = os.environ | rabbitmq.environ(self.settings)
        subprocess.run([CONTROL, *words], env=told, check=True, capture_output=True, timeout=60)

    def await_all(self) -> None:
        assert until(self._all_ready, PATIENCE), "a server did not come back"

    def _all_ready(self) -> bool:
        return all(server.ready(self.settings, self._running.secrets) for server in servers.SERVERS)

    def _kill(self, executable: str, shown: str = "") -> None:
        pid = next(
            each.pid
            for each in strays.find(self.settings.home)
            if each.executable == executable
            and shown in Path(f"/proc/{each.pid}/cmdline").read_text()
        )
        os.kill(pid, signal.SIGKILL)


def _is_postgres(process: strays.Process) -> bool:
    return process.executable == "postgres"


@contextmanager
def started() -> Iterator[Servers]:
    with tempfile.TemporaryDirectory(prefix="liheng-faults-") as folder:
        told = {
            "LIHENG_HOME": str(Path(folder) / "home"),
            "LIHENG_PORT_OFFSET": str(unused_offset()),
        }
        running = Stack.of(settings.read(told))
        stack.servers_up(running)
        try:
            yield Servers(running)
        finally:
            stopping.stop(running.settings)
