"""python -m gateway: serve, or openapi | migrate | relay | trail."""

import os
import sys
from collections.abc import Callable, Sequence

from chassis import garbage, log
from chassis.config import ConfigurationError, read
from chassis.probes import Probes
from gateway import document, reference
from gateway.app import make
from gateway.config import GatewayConfig
from gateway.listener import listening
from gateway.server import Server
from gateway.store import processes
from gateway.webhooks import process

USAGE = """usage: python -m gateway [COMMAND]

              answer requests
  relay       publish what the gateway announces, and chain its trail
  trail       verify it, show its head, let go of what was kept long enough
  webhooks    send events to systems that asked for them
  migrate     bring the gateway's database up to date
  openapi     write the OpenAPI document and docs/api.md"""


def main(argv: Sequence[str]) -> int:
    command, *rest = argv or ["serve"]
    if command != "trail" and (command not in COMMANDS or rest):
        sys.exit(USAGE)
    try:
        if command == "trail":
            return processes.trail(rest)
        COMMANDS[command]()
    except ConfigurationError as error:
        sys.exit(f"the gateway cannot start:\n{error}")
    return 0


def openapi() -> None:
    document.write()
    reference.write()


def migrate() -> None:
    print(f"gateway: database at {processes.migrate()}", flush=True)  # noqa: T201


def serve() -> None:
    config = read(GatewayConfig, "gateway", os.environ)
    log.configure("gateway", config.log_level)
    app = make(config)
    server = Server(listening(app, config), lambda: app.state.feed.audience.close())
    probes = Probes(
        (config.probe_host, config.probe_port),
        {
            "listening": lambda: server.started and not server.should_exit,
            "identity_provider": lambda: server.started and app.state.provider.known,
        },
    )
    probes.start()
    garbage.settle()
    server.run()
    probes.stop()


COMMANDS: dict[str, Callable[[], None]] = {
    "serve": serve,
    "relay": processes.relay,
    "webhooks": process.serve,
    "migrate": migrate,
    "openapi": openapi,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
