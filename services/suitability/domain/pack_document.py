"""A rule pack as it is written down: a head, and sections of definitions and rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from services.suitability.domain.pack import Pack
from services.suitability.domain.pack_problems import Problems
from services.suitability.domain.pack_reader import jsonable, read_pack

Document = Mapping[str, object]


@dataclass(frozen=True)
class PackDocument:
    """The head holds version, effective_from, the order of the sections, parameters, regulations
    and what the parameters mean.
    """

    head: Document
    sections: Mapping[str, Document]

    def read(self) -> Pack:
        """Raise UnreadablePack with everything that is wrong."""
        return read_pack(self.head, self.sections)

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


def document_of(kept: object) -> PackDocument:
    """What *kept* says; raise UnreadablePack when it is no pack at all."""
    problems = Problems()
    root = kept if isinstance(kept, dict) else {}
    parts = {name: root.get(name) for name in ("head", "sections")}
    for name, part in parts.items():
        if not isinstance(part, dict):
            problems.add(name, "must be an object", "必须是对象")
    problems.refuse()
    return PackDocument(
        cast("Document", parts["head"]), cast("Mapping[str, Document]", parts["sections"])
    )
