"""pack check and coverage, and packs of the institution's own for decide and verify."""

import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from chassis.errors import Invalid
from services.suitability.adapters.cases import Case
from services.suitability.domain.pack import Pack
from services.suitability.domain.pack_document import PackDocument
from services.suitability.domain.pack_problems import UnreadablePack
from services.suitability.domain.packs import Packs
from services.suitability.entrypoints.cli import unreadable
from services.suitability.entrypoints.coverage_cli import covered, report

USAGE = "usage: python -m services.suitability pack check|coverage DIR"
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
    """0 good, 1 not.

    pack check DIR says what is wrong with a folder, or what is in it; pack coverage DIR says
    which rules, clauses and boundaries the cases beside it have not tried.
    """

    def __init__(
        self,
        load: Callable[[Path], PackDocument],
        cases: Callable[[Path], Sequence[Case]],
        zone: ZoneInfo,
    ) -> None:
        self._load = load
        self._cases = cases
        self._zone = zone

    def __call__(self, argv: Sequence[str]) -> int:
        match list(argv):
            case ["check", folder]:
                return self.answered(lambda: self.check(Path(folder)))
            case ["coverage", folder]:
                return self.answered(lambda: self.coverage(Path(folder)))
        print(USAGE, file=sys.stderr)
        return 2

    def answered(self, command: Callable[[], int]) -> int:
        try:
            return command()
        except Invalid as error:
            refused(error)
            return 1

    def check(self, folder: Path) -> int:
        print("\n".join(contents(self._load(folder).read())))
        return 0

    def coverage(self, folder: Path) -> int:
        pack = self._load(folder).read()
        found = covered(pack, self._cases(folder), self._zone)
        print("\n".join(report(pack, found)))
        return int(any(each.gaps for each in found))


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
