"""Where the stack lives and which ports it takes, read from the environment once."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.ports import PORTS
from deploy.local.say import Problem

CHECKOUT = Path(__file__).resolve().parents[2]
LOWEST_PORT, HIGHEST_PORT = 1024, 65535
LONGEST_SOCKET_PATH = 90  # bytes; the kernel allows 107 and supervisord adds its pid


@dataclass(frozen=True)
class Settings:
    home: Path  # LIHENG_HOME: data, logs and secrets of this stack
    ports: Mapping[str, int]  # by name, as in ports.PORTS
    split: bool = False  # one process per service and command

    def address(self, port: str) -> str:
        return f"127.0.0.1:{self.ports[port]}"

    def url(self, port: str, path: str = "") -> str:
        return f"http://{self.address(port)}{path}"

    @property
    def logs(self) -> Path:
        return self.home / "log"

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def clock_offset(self) -> Path:
        return self.home / "clock-offset"

    @property
    def sockets(self) -> Path:
        """A folder whose path is short enough for Unix sockets."""
        if len(str(self.run).encode()) + len("/supervisor.sock") <= LONGEST_SOCKET_PATH:
            return self.run
        place = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
        mark = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return Path(place) / f"liheng-{os.geteuid()}-{mark}"

    def environ(self) -> dict[str, str]:
        """What makes another process read the same settings."""
        ports = {variable(name): str(number) for name, number in self.ports.items()}
        return {"LIHENG_HOME": str(self.home), "LIHENG_SPLIT": str(int(self.split)), **ports}


def variable(port: str) -> str:
    return f"LIHENG_PORT_{port.upper()}"


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Raise one Problem that names everything malformed."""
    problems: list[str] = []
    home = _home(environ.get("LIHENG_HOME", ""), problems)
    split = _switch("LIHENG_SPLIT", environ.get("LIHENG_SPLIT", ""), problems)
    ports = _ports(environ, problems)
    if problems:
        raise Problem("\n".join(problems))
    return Settings(home, ports, split)


def _home(text: str, problems: list[str]) -> Path:
    home = Path(text or CHECKOUT / "var").expanduser().absolute()
    if any(not character.isprintable() or character in "\"'" for character in str(home)):
        problems.append("LIHENG_HOME must have neither quotes nor control characters in its path")
    return home


def _switch(name: str, text: str, problems: list[str]) -> bool:
    if text not in ("", "0", "1"):
        problems.append(f"{name} must be 0 or 1, not {text!r}")
    return text == "1"


def _ports(environ: Mapping[str, str], problems: list[str]) -> dict[str, int]:
    offset = _number("LIHENG_PORT_OFFSET", environ.get("LIHENG_PORT_OFFSET", "0"), problems)
    ports = {}
    for name, port in PORTS.items():
        given = environ.get(variable(name))
        number = port.number + offset if given is None else _number(variable(name), given, problems)
        ports[name] = number
        if not LOWEST_PORT <= number <= HIGHEST_PORT - (port.highest - port.number):
            problems.append(f"{variable(name)}: {number} is no port that {port.purpose} can take")
    problems += _doubles(ports)
    return ports


def _number(name: str, text: str, problems: list[str]) -> int:
    try:
        return int(text)
    except ValueError:
        problems.append(f"{name} must be a whole number, not {text!r}")
        return LOWEST_PORT


def _doubles(ports: Mapping[str, int]) -> list[str]:
    owner: dict[int, str] = {}
    doubles = []
    for name, number in ports.items():
        first = owner.setdefault(number, name)
        if first != name and number != LOWEST_PORT:
            doubles.append(f"{variable(first)} and {variable(name)} are both {number}")
    return doubles
