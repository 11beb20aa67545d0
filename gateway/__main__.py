"""python -m gateway: serve; python -m gateway openapi: write the document and docs/api.md."""

import os
import sys
from collections.abc import Sequence

import uvicorn

from chassis import log
from chassis.config import ConfigurationError, read
from chassis.probes import Probes
from gateway import document, reference
from gateway.app import make
from gateway.config import GatewayConfig

KEEP_ALIVE = 30  # seconds
LAST_ANSWERS = 10  # seconds to finish what is under way


def main(argv: Sequence[str]) -> int:
    if argv == ["openapi"]:
        document.write()
        reference.write()
        return 0
    if argv:
        sys.exit("usage: python -m gateway [openapi]")
    try:
        config = read(GatewayConfig, "gateway", os.environ)
    except ConfigurationError as error:
        sys.exit(f"the gateway cannot start:\n{error}")
    serve(config)
    return 0


def serve(config: GatewayConfig) -> None:
    log.configure("gateway", config.log_level)
    app = make(config)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=config.host,
            port=config.port,
            loop="uvloop",
            http="httptools",
            ws="none",
            access_log=False,
            log_config=None,
            log_level="warning",
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=LAST_ANSWERS,
        )
    )
    probes = Probes(
        (config.probe_host, config.probe_port),
        {
            "listening": lambda: server.started and not server.should_exit,
            "identity_provider": lambda: server.started and app.state.provider.known,
        },
    )
    probes.start()
    server.run()
    probes.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
