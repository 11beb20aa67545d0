"""The process that publishes what services have announced, and chains their trails."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from chassis import log
from chassis.config import read
from chassis.housekeeping import FOR_LONG, Kept
from chassis.probes import Probes
from chassis.process import ProcessConfig, until_told
from chassis.relay import Relay
from chassis.replay.replayer import Replayer
from chassis.topology import exchange_named
from chassis.trail.linker import Linker


@dataclass(frozen=True)
class Source:
    """Whoever announces: by that name, out of the outbox in that database."""

    name: str
    database_url: str = field(repr=False)
    amqp_url: str = field(repr=False)
    zone: ZoneInfo  # its days end where those of the institution do
    kept: Kept = FOR_LONG


def serve_relays(sources: Sequence[Source], environ: Mapping[str, str]) -> None:
    """A relay, a replayer and a linker per source, each in a thread of its own, until SIGTERM."""
    process = read(ProcessConfig, "process", environ)
    log.configure("relay", process.log_level)
    stopping = until_told()
    parts: dict[str, Relay | Linker | Replayer] = {}
    for source in sources:
        name, database_url, amqp_url = source.name, source.database_url, source.amqp_url
        exchange = exchange_named(name)
        parts[f"{name}-relay"] = Relay(name, database_url, amqp_url, exchange, source.kept)
        parts[f"{name}-replayer"] = Replayer(name, database_url, amqp_url)
        parts[f"{name}-linker"] = Linker(name, database_url, source.zone)
    probes = Probes(
        (process.probe_host, process.probe_port),
        {name: part.ready for name, part in parts.items()},
    )
    probes.start()
    threads = [
        threading.Thread(target=part.run, args=(stopping,), name=name)
        for name, part in parts.items()
    ]
    for thread in threads:
        thread.start()
    stopping.wait()
    probes.not_ready()
    for thread in threads:
        thread.join()
    probes.stop()
