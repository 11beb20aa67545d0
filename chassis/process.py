"""What every process is told, and how it learns that it shall end."""

import signal
import threading
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ProcessConfig:
    """What every process needs to know, whichever services it runs."""

    probe_port: int
    probe_host: str = "127.0.0.1"
    log_level: str = "INFO"


def until_told() -> threading.Event:
    """Set by SIGTERM or SIGINT."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping
