"""The processes of the application: packed by command, or one per service and command."""

import sys
from collections.abc import Sequence
from importlib.util import find_spec

from deploy.local import environment
from deploy.local.ports import COMMANDS, SERVICES
from deploy.local.program import APPLICATION, Program
from deploy.local.secrets import Secrets
from deploy.local.settings import CHECKOUT, Settings


def services() -> list[str]:
    """Those this checkout holds."""
    return [name for name in SERVICES if (CHECKOUT / "services" / name / "bootstrap.py").exists()]


def programs(settings: Settings, secrets: Secrets) -> list[Program]:
    present = services()
    packed = [(command, "") for command in COMMANDS if present]
    split = [(command, name) for command in COMMANDS for name in present]
    chosen = split if settings.split else packed
    return [
        *(service_program(settings, secrets, command, name) for command, name in chosen),
        *_gateway(settings, secrets),
        *_identity(settings),
    ]


def service_program(settings: Settings, secrets: Secrets, command: str, service: str) -> Program:
    """*service* is empty when the process runs all of them."""
    chosen = [service] if service else services()
    probe = "_".join(filter(None, ("probe", command, service)))
    environ = environment.of_services(settings, secrets, chosen)
    return Program(
        name="-".join(filter(None, (command, service))),
        group=APPLICATION,
        command=local("process", command, *chosen),
        environ={
            **settings.environ(),
            **environ,
            "LIHENG_PROBE_PORT": str(settings.ports[probe]),
        },
        ports=(probe, *(f"rpc_{name}" for name in chosen if command == "rpc")),
        readiness=settings.url(probe, "/readyz"),
    )


def local(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "deploy.local", *arguments)


def _gateway(settings: Settings, secrets: Secrets) -> Sequence[Program]:
    if not (CHECKOUT / "gateway" / "__main__.py").exists():
        return []
    return [
        Program(
            name="gateway",
            group=APPLICATION,
            command=(sys.executable, "-m", "gateway"),
            environ=environment.of_gateway(settings, secrets),
            ports=("gateway", "probe_gateway"),
            readiness=settings.url("probe_gateway", "/readyz"),
        )
    ]


def _identity(settings: Settings) -> Sequence[Program]:
    if find_spec("deploy.local.identity") is None:
        return []
    return [
        Program(
            name="identity",
            group=APPLICATION,
            command=(sys.executable, "-m", "deploy.local.identity"),
            environ=settings.environ(),
            ports=("identity",),
            readiness=settings.url("identity", "/.well-known/openid-configuration"),
        )
    ]
