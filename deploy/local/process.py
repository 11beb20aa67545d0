"""One command of one or several services, on the clock of this stack."""

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from deploy.local.clock import OffsetClock
from deploy.local.settings import Settings


def run(settings: Settings, command: str, names: Sequence[str]) -> None:
    from chassis import main

    services: list[Any] = [import_module(f"services.{name}.bootstrap").SERVICE for name in names]
    environ: Mapping[str, str] = os.environ
    clock = OffsetClock(settings.clock_offset)
    if command == "rpc":
        main.serve_rpc(services, environ, clock)
    elif command == "events":
        main.serve_events(services, environ, clock)
    elif command == "relay":
        main.serve_relay(services, environ)
    else:
        main.migrate(services, environ, clock)
