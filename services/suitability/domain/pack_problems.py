"""What is wrong with the documents of a rule pack, and where; all of it at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from chassis.errors import Invalid
from services.suitability.domain.expression import PackError

T = TypeVar("T")

SHOWN = 5  # problems that a refusal spells out; they travel in headers
LONGEST = 160  # characters of each


@dataclass(frozen=True)
class PackProblem:
    """*where* is a path: `matching.CUS-10.clause[1].when`, `parameters.special_care_age`."""

    where: str
    en: str
    zh: str


class UnreadablePack(Invalid):
    """Names the first problems; *problems* holds them all."""

    def __init__(self, problems: list[PackProblem], field: str = "rule_pack") -> None:
        super().__init__(
            "unreadable_rule_pack",
            told([f"{one.where}: {one.en}" for one in problems], "; ", "and {} more problems"),
            told([f"{one.where}：{one.zh}" for one in problems], "；", "另有 {} 处问题"),
            field=field,
        )
        self.problems = tuple(problems)


def told(lines: list[str], joint: str, more: str) -> str:
    shown = [line if len(line) <= LONGEST else f"{line[:LONGEST]}…" for line in lines[:SHOWN]]
    left = len(lines) - SHOWN
    return joint.join([*shown, *([more.format(left)] if left > 0 else [])])


@dataclass
class Problems:
    """Collects what is wrong while reading goes on."""

    found: list[PackProblem] = field(default_factory=list)

    def add(self, where: str, en: str, zh: str) -> None:
        self.found.append(PackProblem(where, en, zh))

    @contextmanager
    def at(self, where: str) -> Iterator[None]:
        """A PackError inside is a problem of this place, and not the end."""
        try:
            yield
        except PackError as error:
            self.add(where, error.en, error.zh)

    def tried(self, where: str, read: Callable[[], T], otherwise: T) -> T:
        with self.at(where):
            return read()
        return otherwise

    def refuse(self) -> None:
        if self.found:
            raise UnreadablePack(self.found)
