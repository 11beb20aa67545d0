"""A rule pack as it is written down: a head, and sections of definitions and rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from services.suitability.domain.pack import Pack
from services.suitability.domain.pack_problems import PackProblem, Problems, UnreadablePack
from services.suitability.domain.pack_reader import day_of, digest_of, jsonable, read_pack
from services.suitability.domain.pack_shape import Shape

Document = Mapping[str, object]


@dataclass(frozen=True)
class PackDocument:
    """The head holds version, effective_from, the order of the sections, parameters, regulations
    and what the parameters mean. What was checked when it was *released* is not checked again
    by rules that became stricter since.
    """

    head: Document
    sections: Mapping[str, Document]
    released: bool = False

    @property
    def edition(self) -> str:
        return str(self.head["version"])

    @property
    def effective_from(self) -> date:
        return day_of(self.head["effective_from"])

    @property
    def digest(self) -> str:
        """The same as of the pack that is read from it."""
        return digest_of(self.head, self.sections)

    def read(self) -> Pack:
        """Raise UnreadablePack with everything that is wrong."""
        return read_pack(self.head, self.sections, released=self.released)

    def problems(self) -> tuple[PackProblem, ...]:
        try:
            self.read()
        except UnreadablePack as error:
            return error.problems
        return ()

    def refuse_shapeless(self) -> None:
        """Conditions may still be wrong; everything is where it belongs, and of its kind."""
        problems = Problems()
        Shape(problems).check(self.head, self.sections)
        problems.refuse()
        for name in self.sections.keys() - set(cast("list[str]", self.head["sections"])):
            where = f"sections.{str(name)[:40]}"
            problems.add(where, "is not in head.sections", "不在 head.sections 中")
        problems.refuse()

    def kept(self) -> dict[str, object]:
        """As JSON can hold it, and as it is digested."""
        order = cast("list[str]", self.head["sections"])
        head = cast("dict[str, object]", jsonable(self.head))
        return {"head": head, "sections": {name: jsonable(self.sections[name]) for name in order}}

    def rules(self) -> Iterator[tuple[str, Document]]:
        """Every rule with the section it is in, in their order."""
        for name in cast("list[str]", self.head["sections"]):
            for rule in cast("list[Document]", self.sections[name].get("rule", [])):
                yield name, rule

    def definitions(self) -> Iterator[tuple[str, str, str]]:
        """Section, name and condition of each."""
        for section in cast("list[str]", self.head["sections"]):
            found = cast("Mapping[str, str]", self.sections[section].get("definitions", {}))
            for name, text in found.items():
                yield section, name, text


def document_of(kept: object, *, released: bool = False) -> PackDocument:
    """What *kept* says; raise UnreadablePack when it is no pack at all."""
    problems = Problems()
    root = kept if isinstance(kept, dict) else {}
    parts = {name: root.get(name) for name in ("head", "sections")}
    for name, part in parts.items():
        if not isinstance(part, dict):
            problems.add(name, "must be an object", "必须是对象")
    problems.refuse()
    return PackDocument(
        cast("Document", parts["head"]),
        cast("Mapping[str, Document]", parts["sections"]),
        released,
    )
