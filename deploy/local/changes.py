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


def must_restart(stack: "Stack", group: str, wanted: set[str]) -> bool:
    if stack.supervisor.running_programs(group) != wanted:
        return True
    kept = _path(stack, group)
    return not kept.exists() or kept.read_text() != _digest(stack, group)


def note(stack: "Stack", group: str) -> None:
    """Remember what is running now."""
    keep(_path(stack, group), _digest(stack, group))


def _path(stack: "Stack", group: str) -> Path:
    return stack.settings.run / f"{group}.digest"


def _digest(stack: "Stack", group: str) -> str:
    programs = [program for program in stack.programs() if program.group == group]
    parts = [repr(programs)]
    if group == APPLICATION:
        parts += [f"{file} {file.stat().st_mtime_ns}" for file in _code()]
    return sha256("\n".join(parts).encode()).hexdigest()


def _code() -> Iterator[Path]:
    for place in (CHECKOUT / name for name in CODE):
        files = place.rglob("*") if place.is_dir() else [place]
        yield from sorted(file for file in files if _counts(file))


def _counts(file: Path) -> bool:
    return file.is_file() and "__pycache__" not in file.parts
