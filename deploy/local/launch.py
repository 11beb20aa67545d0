"""Become one program of the stack: what the supervisor starts.

Output goes to a file and not through the supervisor: a program must outlive a supervisor that
was killed, and a broken pipe would end it.
"""

import os
import socket
from pathlib import Path
from typing import NoReturn

from deploy.local import application, postgres, servers, strays
from deploy.local.program import Program
from deploy.local.say import Problem, say
from deploy.local.secrets import Secrets
from deploy.local.settings import Settings
from deploy.local.surroundings import given_by_supervisor, surroundings
from deploy.local.waiting import until

PATIENCE = 30.0  # seconds


def launch(settings: Settings, name: str) -> NoReturn:
    secrets = Secrets(settings.home / "secrets")
    program = named(settings, secrets, name)
    write_output_to(log(settings, name))
    end_earlier(settings, program)
    for port in program.after:
        wait_for(settings.ports[port])
    environ = {**surroundings(settings.home), **given_by_supervisor(), **program.environ}
    os.execvpe(program.command[0], program.command, environ)


def named(settings: Settings, secrets: Secrets, name: str) -> Program:
    for list_programs in (servers.programs, application.programs):
        for program in list_programs(settings, secrets):
            if program.name == name:
                return program
    raise Problem(f"there is no program {name}")


def log(settings: Settings, name: str) -> Path:
    return settings.logs / f"{name}.log"


def write_output_to(path: Path) -> None:
    """Appending, so that the file can be cut while it is written to."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)


def end_earlier(settings: Settings, program: Program) -> None:
    """End what is left of an earlier run: children of a killed parent, orphans of a supervisor."""
    left = [process for process in strays.find(settings.home) if belongs(process, program)]
    if left:
        say(f"ending what is left of an earlier {program.name}: {left}")
        strays.end(left, patience=program.stop_seconds)
    if program.name == "postgres":
        postgres.clear(settings)


def belongs(process: strays.Process, program: Program) -> bool:
    """RabbitMQ may have started the name server itself, under its own name."""
    if program.name == "epmd" or process.executable == "epmd":
        return program.name == process.executable
    return process.program == program.name


def wait_for(port: int) -> None:
    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    if not until(answers, PATIENCE):
        raise Problem(f"nothing answers on port {port}")
