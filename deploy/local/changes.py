"""Whether what runs is still what the checkout and the settings say."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.program import APPLICATION
from deploy.local.secrets import keep
from deploy.local.settings import CHECKOUT

if TYPE_CHECKING:
    from deploy.local.stack import Stack

CODE = ("chassis", "contracts", "gateway", "services", "deploy/local", "constraints.txt")


def must_restart(stack: "Stack", group: str, wanted: str) -> bool:
    """Unless just the right programs run, and were started as *wanted* says."""
    if stack.supervisor.running_programs(group) != {program.name for program in stack.group(group)}:
        return True
    noted = _path(stack, group)
    return not noted.exists() or noted.read_text() != wanted


def note(stack: "Stack", group: str, started: str) -> None:
    keep(_path(stack, group), started)


def digest(stack: "Stack", group: str) -> str:
    """Changes with what the group is started from."""
    parts = [repr(stack.group(group))]
    if group == APPLICATION:
        parts += [f"{file} {file.stat().st_mtime_ns}" for file in _code()]
    return sha256("\n".join(parts).encode()).hexdigest()


def _path(stack: "Stack", group: str) -> Path:
    return stack.settings.run / f"{group}.digest"


def _code() -> Iterator[Path]:
    for place in (CHECKOUT / name for name in CODE):
        files = place.rglob("*") if place.is_dir() else [place]
        yield from sorted(file for file in files if _counts(file))


def _counts(file: Path) -> bool:
    return file.is_file() and "__pycache__" not in file.parts
