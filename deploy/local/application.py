"""The processes of the application: packed by command, or one per service and command."""

import sys

from deploy.local import environment
from deploy.local.ports import COMMANDS, SERVICES
from deploy.local.program import APPLICATION, Program
from deploy.local.secrets import Secrets
from deploy.local.settings import Settings


def programs(settings: Settings, secrets: Secrets) -> list[Program]:
    packed = [(command, "") for command in COMMANDS]
    split = [(command, name) for command in COMMANDS for name in SERVICES]
    chosen = split if settings.split else packed
    return [
        *(service_program(settings, secrets, command, name) for command, name in chosen),
        _gateway(settings, secrets),
        _gateway_relay(settings, secrets),
        _gateway_webhooks(settings, secrets),
        _identity(settings),
    ]


def service_program(settings: Settings, secrets: Secrets, command: str, service: str) -> Program:
    """*service* is empty when the process runs all of them."""
    chosen = (service,) if service else SERVICES
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


def _gateway(settings: Settings, secrets: Secrets) -> Program:
    return Program(
        name="gateway",
        group=APPLICATION,
        command=(sys.executable, "-m", "gateway"),
        environ=environment.of_gateway(settings, secrets),
        ports=("gateway", "probe_gateway"),
        readiness=settings.url("probe_gateway", "/readyz"),
    )


def _gateway_relay(settings: Settings, secrets: Secrets) -> Program:
    probe = "probe_relay_gateway"
    return Program(
        name="gateway-relay",
        group=APPLICATION,
        command=(sys.executable, "-m", "gateway", "relay"),
        environ={
            **environment.of_store(settings, secrets),
            "LIHENG_PROBE_PORT": str(settings.ports[probe]),
        },
        ports=(probe,),
        readiness=settings.url(probe, "/readyz"),
    )


def _gateway_webhooks(settings: Settings, secrets: Secrets) -> Program:
    probe = "probe_webhooks_gateway"
    return Program(
        name="gateway-webhooks",
        group=APPLICATION,
        command=(sys.executable, "-m", "gateway", "webhooks"),
        environ={
            **environment.of_store(settings, secrets),
            **environment.of_webhooks(secrets),
            "LIHENG_PROBE_PORT": str(settings.ports[probe]),
        },
        ports=(probe,),
        readiness=settings.url(probe, "/readyz"),
    )


def _identity(settings: Settings) -> Program:
    return Program(
        name="identity",
        group=APPLICATION,
        command=(sys.executable, "-m", "deploy.local.identity"),
        environ=settings.environ(),
        ports=("identity",),
        readiness=settings.url("identity", "/.well-known/openid-configuration"),
    )
