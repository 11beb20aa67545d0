"""Bring the stack up, and take it down again."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from deploy.local import application, certificates, changes, free_ports, migrations, servers
from deploy.local.launch import log
from deploy.local.probing import answers
from deploy.local.program import APPLICATION, SERVERS, Program
from deploy.local.report import tail
from deploy.local.say import Problem, say
from deploy.local.secrets import Secrets
from deploy.local.settings import Settings
from deploy.local.stopping import end_orphans, one_at_a_time
from deploy.local.supervisor import Supervisor
from deploy.local.waiting import until

PATIENCE = 90.0  # seconds
TELL_EVERY = 10.0  # seconds


@dataclass(frozen=True)
class Stack:
    settings: Settings
    secrets: Secrets
    supervisor: Supervisor

    @classmethod
    def of(cls, settings: Settings) -> "Stack":
        return cls(settings, Secrets(settings.home / "secrets"), Supervisor(settings))

    def programs(self) -> list[Program]:
        return [
            *servers.programs(self.settings, self.secrets),
            *application.programs(self.settings, self.secrets),
        ]

    def group(self, name: str) -> list[Program]:
        return [program for program in self.programs() if program.group == name]


def servers_up(stack: Stack) -> bool:
    """Whether they had to be started."""
    with one_at_a_time(stack.settings):
        return _servers_up(stack)


def up(stack: Stack) -> None:
    with one_at_a_time(stack.settings):
        _servers_up(stack)
        _application_up(stack)


def _servers_up(stack: Stack) -> bool:
    make_folders(stack.settings)
    supervise(stack)
    wanted = changes.digest(stack, SERVERS)
    start = changes.must_restart(stack, SERVERS, wanted)
    if start:
        say("Starting PostgreSQL, RabbitMQ and the S3 server")
        stack.supervisor.stop_group(SERVERS)
        servers.prepare(stack.settings, stack.secrets)
        start_group(stack, SERVERS)
    for server in servers.SERVERS:
        await_server(stack, server)
    servers.provision(stack.settings, stack.secrets)
    changes.note(stack, SERVERS, wanted)
    return start


def _application_up(stack: Stack) -> None:
    certificates.renew(stack.settings, stack.secrets)
    wanted = changes.digest(stack, APPLICATION)
    programs = stack.group(APPLICATION)
    if changes.must_restart(stack, APPLICATION, wanted):
        stack.supervisor.stop_group(APPLICATION)
        migrations.run(stack.settings, stack.secrets)
        say(f"Starting {names(programs)}")
        start_group(stack, APPLICATION)
    await_application(stack, programs)
    changes.note(stack, APPLICATION, wanted)


def start_group(stack: Stack, group: str) -> None:
    free_ports.check(stack.settings, stack.group(group))
    stack.supervisor.start_group(group, stack.programs())


def make_folders(settings: Settings) -> None:
    for folder in (settings.home, settings.logs, settings.run, settings.sockets):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid != os.geteuid():
            raise Problem(f"{folder} belongs to another user; remove it or set LIHENG_HOME")


def supervise(stack: Stack) -> None:
    """The orphans of a supervisor that was killed are ended first."""
    if stack.supervisor.running():
        return
    end_orphans(stack.settings)
    free_ports.check(stack.settings, stack.programs())
    stack.supervisor.configure(stack.programs())
    stack.supervisor.start()


def await_server(stack: Stack, server: servers.Server) -> None:
    started = monotonic()

    def ready() -> bool:
        return server.ready(stack.settings, stack.secrets)

    if not until(ready, server.patience, pause=0.2):
        logs = ends_of_logs(stack.settings, server.programs)
        raise Problem(f"{server.title} is not ready.{logs}")
    say(f"  {server.title:<28}ready after {monotonic() - started:.1f} s")


def await_application(stack: Stack, programs: Sequence[Program]) -> None:
    started = told = monotonic()
    waiting = list(programs)

    def all_ready() -> bool:
        nonlocal told
        for program in [program for program in waiting if answers(program.readiness)]:
            waiting.remove(program)
            say(f"  {program.name:<28}ready after {monotonic() - started:.1f} s")
        if waiting and monotonic() - told > TELL_EVERY:
            told = monotonic()
            say(f"  waiting for {names(waiting)}")
        return not waiting

    if not until(all_ready, PATIENCE, pause=0.2):
        logs = ends_of_logs(stack.settings, [program.name for program in waiting])
        raise Problem(f"not ready: {names(waiting)}.{logs}")


def names(programs: Sequence[Program]) -> str:
    return ", ".join(program.name for program in programs)


def ends_of_logs(settings: Settings, programs: Sequence[str]) -> str:
    files = [log(settings, program) for program in programs]
    return "".join(f"\n\nThe end of {file}:\n" + "\n".join(tail(file)) for file in files)
