"""supervisord: its configuration, and talking to it over its Unix socket."""

import os
import shlex
import subprocess
import sys
import xmlrpc.client
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from deploy.local.program import APPLICATION, SERVERS, Program
from deploy.local.say import Problem
from deploy.local.secrets import keep
from deploy.local.settings import CHECKOUT, Settings
from deploy.local.surroundings import surroundings
from deploy.local.waiting import until

STARTED_AFTER = 10  # seconds a program must run before its death counts as a new one
REPORT = "report"
NEVER_GIVE_UP = 1_000_000
MAIN = """\
[supervisord]
identifier=liheng
logfile={logs}/supervisord.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile={run}/supervisord.pid
directory={home}
{user}

[unix_http_server]
file={socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://{socket}

[eventlistener:report]
command={report}
events=PROCESS_STATE_EXITED,PROCESS_STATE_BACKOFF,PROCESS_STATE_FATAL,TICK_60
environment={environ}
directory={checkout}
stderr_logfile={logs}/report.log
startretries={retries}
"""
PROGRAM = """
[program:{name}]
command={command}
directory={checkout}
environment={environ}
autostart=false
autorestart=true
startsecs={seconds}
startretries={retries}
stopsignal={signal}
stopwaitsecs={stop_seconds}
killasgroup=true
stdout_logfile=NONE
stderr_logfile=NONE
"""
GROUP = "\n[group:{name}]\nprograms={programs}\npriority={priority}\n"
PRIORITY = {SERVERS: 10, APPLICATION: 20}  # the highest is stopped first


class Supervisor:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._socket = settings.sockets / "supervisor.sock"
        self._configuration = settings.run / "supervisord.conf"

    def running(self) -> bool:
        try:
            return bool(self._ask("getState")["statename"] == "RUNNING")
        except (OSError, xmlrpc.client.Error):
            return False

    def configure(self, programs: Sequence[Program]) -> None:
        """Write the configuration that supervisord starts with."""
        keep(self._configuration, configuration(self._settings, programs, self._socket))

    def start(self) -> None:
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self._configuration)]
        environ = surroundings(self._settings.home)
        done = subprocess.run(command, env=environ, cwd="/", capture_output=True, text=True)
        if done.returncode or not until(self.running, 30):
            raise Problem(f"the supervisor did not start:\n{done.stdout}{done.stderr}")

    def running_programs(self, group: str) -> set[str]:
        """Those meant to run: waiting for the next try counts."""
        alive = {"STARTING", "RUNNING", "BACKOFF"}
        return {p["name"] for p in self._all() if p["group"] == group and p["statename"] in alive}

    def states(self) -> list[dict[str, Any]]:
        return [process for process in self._all() if process["name"] != REPORT]

    def pid(self, program: str) -> int:
        return next(int(state["pid"]) for state in self._all() if state["name"] == program)

    def start_group(self, group: str, programs: Sequence[Program]) -> None:
        """Start *group* as *programs* say; every other group goes on as it is."""
        self.configure(programs)
        added, changed, removed = self._ask("reloadConfig")[0]
        for name in {group, REPORT} & {*changed, *removed}:
            self.stop_group(name)
            self._ask("removeProcessGroup", name)
        for name in {group, REPORT} & {*added, *changed}:
            self._ask("addProcessGroup", name)
        self._ask("startProcessGroup", group, False)

    def stop_group(self, group: str) -> None:
        if any(process["group"] == group for process in self._all()):
            self._ask("stopProcessGroup", group, True)

    def _all(self) -> list[dict[str, Any]]:
        return list(self._ask("getAllProcessInfo")) if self.running() else []

    def _ask(self, method: str, *arguments: Any) -> Any:
        """Call it over its socket."""
        from supervisor.xmlrpc import SupervisorTransport

        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        remote = xmlrpc.client.ServerProxy("http://127.0.0.1", transport)
        try:
            return getattr(remote.supervisor, method)(*arguments)
        finally:
            transport.close()


def configuration(settings: Settings, programs: Sequence[Program], socket: Path) -> str:
    main = MAIN.format(
        logs=settings.logs,
        run=settings.run,
        home=settings.home,
        socket=socket,
        user="user=root" if os.geteuid() == 0 else "",
        report=command_line("report"),
        environ=variables(settings, SERVERS),
        checkout=CHECKOUT,
        retries=NEVER_GIVE_UP,
    )
    sections = [program_section(settings, program) for program in programs]
    return "".join([main, *sections, *group_sections(programs)]).replace("%", "%%")


def program_section(settings: Settings, program: Program) -> str:
    return PROGRAM.format(
        name=program.name,
        command=command_line("launch", program.name),
        environ=variables(settings, program.group),
        checkout=CHECKOUT,
        seconds=STARTED_AFTER,
        retries=NEVER_GIVE_UP,
        signal=program.stop_signal,
        stop_seconds=program.stop_seconds,
    )


def group_sections(programs: Sequence[Program]) -> Iterator[str]:
    for group, priority in PRIORITY.items():
        names = ",".join(program.name for program in programs if program.group == group)
        if names:
            yield GROUP.format(name=group, programs=names, priority=priority)


def variables(settings: Settings, group: str) -> str:
    """Servers are the same for every packing of the application, and go on when it changes."""
    told = settings if group == APPLICATION else replace(settings, split=False)
    return ",".join(f'{name}="{value}"' for name, value in told.environ().items())


def command_line(*arguments: str) -> str:
    return shlex.join([sys.executable, "-m", "deploy.local", *arguments])
