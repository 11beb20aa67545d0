"""RabbitMQ of our own: a private node with its own name server, users and data."""

from collections.abc import Mapping
from pathlib import Path

from deploy.local.packages import RABBITMQ
from deploy.local.probing import answers
from deploy.local.program import SERVERS, Program
from deploy.local.secrets import Secrets, keep
from deploy.local.settings import Settings

USER = VHOST = "liheng"
NODE = "liheng@localhost"  # a host name that does not resolve would hang it
CONFIGURATION = """\
listeners.tcp.1 = {amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
default_user = {user}
default_pass = {password}
default_vhost = {vhost}
log.console = true
log.console.level = warning
log.file = false
raft.wal_max_size_bytes = 64000000
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 200MB
"""
# Distribution on this machine only; idle schedulers sleep instead of spinning.
ERLANG = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none"


def name_server(settings: Settings) -> Program:
    port = str(settings.ports["epmd"])
    return Program(
        name="epmd",
        group=SERVERS,
        command=("epmd", "-address", "127.0.0.1", "-port", port),
        ports=("epmd",),
    )


def program(settings: Settings, secrets: Secrets) -> Program:
    return Program(
        name="rabbitmq",
        group=SERVERS,
        command=(str(RABBITMQ),),
        environ=environ(settings),
        configuration=configuration(settings, secrets),
        ports=("amqp", "amqp_management", "amqp_dist"),
        after=("epmd",),
        stop_seconds=30,
    )


def folder(settings: Settings) -> Path:
    return settings.home / "rabbitmq"


def environ(settings: Settings) -> Mapping[str, str]:
    """Also what `rabbitmqctl` needs to reach this node."""
    home = folder(settings)
    return {
        "HOME": str(home),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(settings.ports["epmd"]),
        "ERL_CRASH_DUMP": str(settings.logs / "rabbitmq.crash"),
        "RABBITMQ_NODENAME": NODE,
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(settings.ports["amqp"]),
        "RABBITMQ_DIST_PORT": str(settings.ports["amqp_dist"]),
        "RABBITMQ_BASE": str(home),
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(settings.logs),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_CONF_ENV_FILE": str(home / "rabbitmq-env.conf"),
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(home / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG,
    }


def prepare(settings: Settings, secrets: Secrets) -> None:
    home = folder(settings)
    keep(home / "rabbitmq.conf", configuration(settings, secrets))
    keep(home / "rabbitmq-env.conf", "")
    keep(home / "enabled_plugins", "[rabbitmq_management].\n")
    keep(home / ".erlang.cookie", secrets.password("erlang"), mode=0o400)


def configuration(settings: Settings, secrets: Secrets) -> str:
    return CONFIGURATION.format(
        amqp=settings.address("amqp"),
        management=settings.ports["amqp_management"],
        user=USER,
        password=secrets.password("rabbitmq"),
        vhost=VHOST,
    )


def url(settings: Settings, secrets: Secrets) -> str:
    return f"amqp://{USER}:{secrets.password('rabbitmq')}@{settings.address('amqp')}/{VHOST}"


def management_url(settings: Settings, secrets: Secrets) -> str:
    return f"http://{USER}:{secrets.password('rabbitmq')}@{settings.address('amqp_management')}"


def ready(settings: Settings, secrets: Secrets) -> bool:
    """It listens, and its virtual host is there."""
    login = f"{USER}:{secrets.password('rabbitmq')}"
    listening = f"/api/health/checks/port-listener/{settings.ports['amqp']}"
    return all(
        answers(settings.url("amqp_management", path), login)
        for path in (listening, f"/api/vhosts/{VHOST}")
    )
