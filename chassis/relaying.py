"""The process that publishes what services have announced, and chains their trails."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from chassis import log
from chassis.config import read
from chassis.probes import Probes
from chassis.process import ProcessConfig, until_told
from chassis.relay import Relay
from chassis.topology import exchange_named
from chassis.trail.linker import Linker


@dataclass(frozen=True)
class Source:
    """Whoever announces: by that name, out of the outbox in that database."""

    name: str
    database_url: str = field(repr=False)
    amqp_url: str = field(repr=False)
    zone: ZoneInfo  # its days end where those of the institution do


def serve_relays(sources: Sequence[Source], environ: Mapping[str, str]) -> None:
    """A relay and a linker per source, each in a thread of its own, until SIGTERM."""
    process = read(ProcessConfig, "process", environ)
    log.configure("relay", process.log_level)
    stopping = until_told()
    parts: dict[str, Relay | Linker] = {}
    for source in sources:
        parts[f"{source.name}-relay"] = Relay(
            source.name, source.database_url, source.amqp_url, exchange_named(source.name)
        )
        parts[f"{source.name}-linker"] = Linker(source.name, source.database_url, source.zone)
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
