"""One command of one or several services, on the clock of this stack."""

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from deploy.local.clock import OffsetClock
from deploy.local.say import Problem
from deploy.local.settings import Settings


def run(settings: Settings, command: str, names: Sequence[str]) -> None:
    from chassis.config import ConfigurationError

    clock = OffsetClock(settings.clock_offset)
    services: list[Any] = [import_module(f"services.{name}.bootstrap").SERVICE for name in names]
    try:
        serve(command, services, clock)
    except ConfigurationError as error:
        raise Problem(f"{command} cannot start:\n{error}") from error


def serve(command: str, services: Sequence[Any], clock: OffsetClock) -> None:
    from chassis import main

    if command == "rpc":
        main.serve_rpc(services, os.environ, clock)
    elif command == "events":
        main.serve_events(services, os.environ, clock)
    elif command == "relay":
        main.serve_relay(services, os.environ)
    elif command == "migrate":
        main.migrate(services, os.environ, clock)
    elif command == "reseal":
        reseal(services)
    else:
        raise Problem(f"services know no command {command}")


def reseal(services: Sequence[Any]) -> None:
    for service in services:
        if "keys" in service.commands and service.commands["keys"](["reseal"]):
            raise Problem(f"{service.name} could not seal all it holds")
