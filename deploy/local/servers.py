"""The three servers, and the order in which they become useful."""

from collections.abc import Callable
from dataclasses import dataclass

from deploy.local import postgres, rabbitmq, seaweed
from deploy.local.program import Program
from deploy.local.secrets import Secrets
from deploy.local.settings import Settings


@dataclass(frozen=True)
class Server:
    title: str
    programs: tuple[str, ...]
    ready: Callable[[Settings, Secrets], bool]
    patience: float  # seconds


SERVERS = (
    Server("PostgreSQL", ("postgres",), postgres.ready, 60),
    Server("S3 server", ("s3",), seaweed.ready, 90),
    Server("RabbitMQ", ("epmd", "rabbitmq"), rabbitmq.ready, 120),
)


def programs(settings: Settings, secrets: Secrets) -> list[Program]:
    return [
        postgres.program(settings),
        rabbitmq.name_server(settings),
        rabbitmq.program(settings, secrets),
        seaweed.program(settings, secrets),
    ]


def is_ready(settings: Settings, secrets: Secrets, program: str) -> bool:
    server = next(server for server in SERVERS if program in server.programs)
    return server.ready(settings, secrets)


def prepare(settings: Settings, secrets: Secrets) -> None:
    postgres.prepare(settings, secrets)
    rabbitmq.prepare(settings, secrets)
    seaweed.prepare(settings, secrets)


def provision(settings: Settings, secrets: Secrets) -> None:
    """What must be inside them before the application can start; done again, it changes nothing."""
    postgres.provision(settings, secrets)
    seaweed.provision(settings, secrets)
