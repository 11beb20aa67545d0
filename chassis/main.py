"""The commands of a service, and the processes that run one service or several."""

import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chassis.clock import Clock, system_clock
from chassis.config import ConfigurationError, read
from chassis.process import ProcessConfig, until_told
from chassis.service import Service

AnyService = Service[Any]

USAGE = """usage: python -m services.{name} COMMAND

  rpc           answer over gRPC
  events        apply events of other services
  relay         publish this service's events, and chain its trail
  migrate       bring the database and the broker's queues up to date
  dead-letters  list, show, replay or discard events that could not be applied
  trail         verify it, show its head, let go of what was kept long enough
{offline}"""


def run(
    service: AnyService,
    argv: Sequence[str],
    *,
    clock: Clock = system_clock,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """The exit code of `python -m services.<name> argv`."""
    command, *rest = argv or [""]
    try:
        if command in service.commands:
            _in_utf8(sys.stdout)
            return service.commands[command](rest)
        return _run(service, command, rest, clock, environ)
    except ConfigurationError as error:
        print(f"{service.name} cannot start:\n{error}", file=sys.stderr)
        return 2


def _in_utf8(stream: object) -> None:
    """Whatever the locale, which may not know Chinese; half a surrogate pair stays escaped."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _run(
    service: AnyService,
    command: str,
    rest: Sequence[str],
    clock: Clock,
    environ: Mapping[str, str],
) -> int:
    processes: dict[str, Callable[[], None]] = {
        "rpc": lambda: serve_rpc([service], environ, clock),
        "events": lambda: serve_events([service], environ, clock),
        "relay": lambda: serve_relay([service], environ),
        "migrate": lambda: migrate([service], environ, clock),
    }
    if command in processes:
        processes[command]()
        return 0
    if command == "dead-letters":
        from chassis.operations import commands

        config = read(service.config, service.name, environ)
        return commands.run(rest, service.name, config.amqp_url, config.database_url)
    if command == "trail":
        return _trail(service, rest, environ)
    offline = "".join(f"  {name:<14}offline\n" for name in service.commands)
    print(USAGE.format(name=service.name, offline=offline), file=sys.stderr)
    return 0 if command in ("help", "--help", "-h") else 2


def _trail(service: AnyService, rest: Sequence[str], environ: Mapping[str, str]) -> int:
    from chassis.trail import commands

    config = read(service.config, service.name, environ)
    kept = commands.Kept(service.name, config.database_url, config.trail_kept_days)
    return commands.run(rest, kept)


def serve_rpc(services: Sequence[AnyService], environ: Mapping[str, str], clock: Clock) -> None:
    """One gRPC server per service, until SIGTERM."""
    from chassis import garbage, log, rpc, tls
    from chassis.identity import CallerVerifier
    from chassis.operations.rpc import with_operations
    from chassis.probes import Probes
    from chassis.trail.rpc import with_trail

    process = read(ProcessConfig, "process", environ)
    log.configure("rpc", process.log_level)
    stopping = until_told()
    configs = [read(service.config, service.name, environ) for service in services]
    certificates = [tls.certificates(config, [config.rpc_address]) for config in configs]
    parts = [
        with_trail(with_operations(service.rpc(config, clock), config), config.database_url)
        for service, config in zip(services, configs, strict=True)
    ]
    probes = Probes(
        (process.probe_host, process.probe_port), {part.name: part.ready for part in parts}
    )
    probes.start()
    servers = [
        rpc.start(part, CallerVerifier(config.caller_key), theirs)
        for part, config, theirs in zip(parts, configs, certificates, strict=True)
    ]
    garbage.settle()
    stopping.wait()
    probes.not_ready()
    rpc.stop(servers)
    probes.stop()


def serve_events(services: Sequence[AnyService], environ: Mapping[str, str], clock: Clock) -> None:
    """Every service's event handlers and timers, until SIGTERM. Patches the process first."""
    from chassis import eventlet_first

    eventlet_first.patch()

    from chassis import event_host, log

    process = read(ProcessConfig, "process", environ)
    log.configure("events", process.log_level)
    hosted = []
    for service in services:
        config = read(service.config, service.name, environ)
        bound = service.events(config, clock)
        hosted.append(event_host.Hosted(bound, config.amqp_url, config.database_url))
    event_host.host(hosted, (process.probe_host, process.probe_port))


def serve_relay(services: Sequence[AnyService], environ: Mapping[str, str]) -> None:
    from chassis.housekeeping import Kept
    from chassis.relaying import Source, serve_relays

    configs = {service.name: read(service.config, service.name, environ) for service in services}
    sources = [
        Source(
            name,
            told.database_url,
            told.amqp_url,
            told.zone,
            Kept(told.event_log_kept_months, told.inbox_kept_days),
        )
        for name, told in configs.items()
    ]
    serve_relays(sources, environ)


def migrate(services: Sequence[AnyService], environ: Mapping[str, str], clock: Clock) -> None:
    """Databases first, then the queues: nothing is published before its subscribers can get it."""
    from chassis import eventlet_first

    eventlet_first.hush()

    from chassis import migrations, topology
    from chassis.subscriptions import types_of

    for service in services:
        config = read(service.config, service.name, environ)
        reached = migrations.migrate(config.database_url, service.migrations)
        wanted = types_of(service.events(config, clock))
        topology.declare_service(config.amqp_url, service.name, wanted)
        print(f"{service.name}: database at {reached}, {len(wanted)} subscriptions", flush=True)
