"""One process of the stack, as the supervisor runs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SERVERS, APPLICATION = "servers", "application"


@dataclass(frozen=True, kw_only=True)
class Program:
    name: str
    group: str
    command: tuple[str, ...]
    configuration: str = ""  # what its files say; a change makes it start again
    environ: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[str, ...] = ()  # it listens on, by name
    after: tuple[str, ...] = ()  # ports that must answer before it starts, by name
    readiness: str = ""  # URL that answers 200 when it can do its work
    stop_signal: str = "TERM"
    stop_seconds: int = 15  # then it is killed
