"""The Debian packages the stack needs, installed only when something is missing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from deploy.local.say import Problem, say

RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
SERVICE_POLICY = Path("/usr/sbin/policy-rc.d")
START_NOTHING = "#!/bin/sh\nexit 101\n"
APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300")


@dataclass(frozen=True)
class Package:
    name: str
    purpose: str
    present: bool


def packages() -> tuple[Package, ...]:
    return (
        Package("rabbitmq-server", "carries the events, as a private node", RABBITMQ.exists()),
        Package("util-linux", "lets root start PostgreSQL as another user", on_path("setpriv")),
        Package(
            f"python3.{sys.version_info.minor}-venv",
            "makes virtual environments",
            find_spec("ensurepip") is not None,
        ),
    )


def on_path(command: str) -> bool:
    return shutil.which(command) is not None


def install_missing() -> None:
    missing = [package for package in packages() if not package.present]
    if not missing:
        return
    say("These Debian packages are missing and will be installed:")
    for package in missing:
        say(f"  {package.name:<18}{package.purpose}")
    install([package.name for package in missing])


def install(names: Sequence[str]) -> None:
    become_root = privilege(names)
    with servers_left_alone(become_root):
        run((*become_root, *APT, "update", "-q"))
        run((*become_root, *APT, "install", "-q", "-y", "--no-install-recommends", *names))


def privilege(names: Sequence[str]) -> tuple[str, ...]:
    """What to put before a command that only root may run."""
    wanted = f"apt-get install --no-install-recommends {' '.join(names)}"
    if not on_path("apt-get"):
        raise Problem(f"this is not Debian: install the like of `{wanted}`, then try again")
    if os.geteuid() == 0:
        return ()
    if not on_path("sudo"):
        raise Problem(f"only root can install packages and there is no sudo; run as root: {wanted}")
    return ("sudo",)


@contextmanager
def servers_left_alone(become_root: Sequence[str]) -> Iterator[None]:
    """Packages neither start a server of the system nor restart one that runs already.

    A policy that is in force stays as it is.
    """
    if SERVICE_POLICY.exists():
        yield
        return
    write_policy(become_root)
    try:
        yield
    finally:
        run((*become_root, "rm", "-f", str(SERVICE_POLICY)))


def write_policy(become_root: Sequence[str]) -> None:
    put = (*become_root, "install", "-m", "755", "/dev/stdin", str(SERVICE_POLICY))
    run(put, told=START_NOTHING)


def run(command: Sequence[str], told: str | None = None) -> None:
    if subprocess.run(command, input=told, text=True).returncode:
        raise Problem(f"this failed, see above: {' '.join(command)}")
