"""pack check, and packs of the institution's own for decide and verify: nothing is installed."""

import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from chassis.errors import Invalid
from services.suitability.domain.pack import Pack
from services.suitability.domain.pack_document import PackDocument
from services.suitability.domain.pack_problems import UnreadablePack
from services.suitability.domain.packs import Packs
from services.suitability.entrypoints.cli import unreadable

USAGE = "usage: python -m services.suitability pack check DIR"
OPTION = "--packs"

Command = Callable[[Sequence[str]], int]


class LoadPacks(Protocol):
    def __call__(self, *, own: Path | None = None) -> Packs: ...


def with_own_packs(
    argv: Sequence[str], load: LoadPacks, command: Callable[[Callable[[], Packs]], Command]
) -> int:
    """Run *command*, knowing the packs of the folder behind --packs as well."""
    rest, folder = _taken_out(argv)
    if folder is None:
        return command(load)(rest)
    try:
        packs = load(own=Path(folder))
    except Invalid as error:
        return refused(error)
    return command(lambda: packs)(rest)


def _taken_out(argv: Sequence[str]) -> tuple[list[str], str | None]:
    rest = list(argv)
    if OPTION not in rest[:-1]:
        return rest, None
    place = rest.index(OPTION)
    folder = rest[place + 1]
    del rest[place : place + 2]
    return rest, folder


class PackCommand:
    """pack check DIR says what is wrong with a folder, or what is in it: 0 good, 1 wrong."""

    def __init__(self, load: Callable[[Path], PackDocument]) -> None:
        self._load = load

    def __call__(self, argv: Sequence[str]) -> int:
        match list(argv):
            case ["check", folder]:
                return self.check(folder)
        print(USAGE, file=sys.stderr)
        return 2

    def check(self, folder: str) -> int:
        try:
            pack = self._load(Path(folder)).read()
        except Invalid as error:
            refused(error)
            return 1
        print("\n".join(contents(pack)))
        return 0


def contents(pack: Pack) -> list[str]:
    off = [rule.id for rule in pack.rules if not rule.enabled]
    later = [
        rule.id for rule in pack.rules if rule.enabled and not _in_force(rule.in_force_from, pack)
    ]
    return [
        f"{pack.name} {pack.digest}",
        f"effective from 生效日: {pack.effective_from}",
        f"rules 规则: {len(pack.rules)}; parameters 参数: {len(pack.parameters)}",
        f"off 未启用: {', '.join(off) or '-'}",
        f"in force later 尚未施行: {', '.join(later) or '-'}",
    ]


def _in_force(from_day: date, pack: Pack) -> bool:
    return from_day <= pack.effective_from


def refused(error: Invalid) -> int:
    """Every problem on a line of its own, in both languages; 2."""
    if not isinstance(error, UnreadablePack):
        return unreadable(error.en, error.zh)
    for problem in error.problems:
        print(f"{problem.where}: {problem.en}\n{problem.where}：{problem.zh}", file=sys.stderr)
    return 2
