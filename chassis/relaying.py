"""The process that publishes what one service or several have announced."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chassis import log
from chassis.config import read
from chassis.probes import Probes
from chassis.process import ProcessConfig, until_told
from chassis.relay import Relay
from chassis.topology import exchange_named


@dataclass(frozen=True)
class Source:
    """Whoever announces: by that name, out of the outbox in that database."""

    name: str
    database_url: str = field(repr=False)
    amqp_url: str = field(repr=False)


def serve_relays(sources: Sequence[Source], environ: Mapping[str, str]) -> None:
    """One relay per source, each in a thread of its own, until SIGTERM."""
    process = read(ProcessConfig, "process", environ)
    log.configure("relay", process.log_level)
    stopping = until_told()
    relays = {
        source.name: Relay(
            source.name, source.database_url, source.amqp_url, exchange_named(source.name)
        )
        for source in sources
    }
    probes = Probes(
        (process.probe_host, process.probe_port),
        {name: relay.ready for name, relay in relays.items()},
    )
    probes.start()
    threads = [
        threading.Thread(target=relay.run, args=(stopping,), name=f"{name}-relay")
        for name, relay in relays.items()
    ]
    for thread in threads:
        thread.start()
    stopping.wait()
    probes.not_ready()
    for thread in threads:
        thread.join()
    probes.stop()
