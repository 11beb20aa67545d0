"""What one rule pack says otherwise than another, in the words of who reads packs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from services.suitability.domain.digest import canonical
from services.suitability.domain.pack import SHIPPED_OFF
from services.suitability.domain.pack_document import Document, PackDocument
from services.suitability.domain.pack_reader import jsonable
from services.suitability.domain.receipt import Presence, differences

NAMED = {"parameters": "parameter", "regulations": "regulation", "meanings": "meaning"}


@dataclass(frozen=True)
class PackDifference:
    """*kind* is effective_from, parameter, regulation, meaning, definition, order, rule_added,
    rule_removed, switch or rule; *zh* and *en* say what the parameter means or the rule says.
    """

    kind: str
    name: str
    before: str
    after: str
    zh: str = ""
    en: str = ""

    @property
    def what(self) -> str:
        return f"{self.kind} {self.name}".strip()


def pack_differences(before: PackDocument, after: PackDocument) -> list[PackDifference]:
    return [*_head(before, after), *_definitions(before, after), *_rules(before, after)]


def _head(before: PackDocument, after: PackDocument) -> Iterator[PackDifference]:
    for name in ("version", "effective_from"):
        yield from _compared(name, "", before.head[name], after.head[name])
    yield from _compared("order", "", before.head["sections"], after.head["sections"])
    meanings = {**_part(before, "meanings"), **_part(after, "meanings")}
    for part, kind in NAMED.items():
        said, says = _part(before, part), _part(after, part)
        for name in dict.fromkeys([*said, *says]):
            meaning = meanings.get(name, {}) if kind == "parameter" else {}
            yield from _compared(
                kind, name, said.get(name, ABSENT), says.get(name, ABSENT), meaning
            )


def _definitions(before: PackDocument, after: PackDocument) -> Iterator[PackDifference]:
    said = {f"{section}.{name}": text for section, name, text in before.definitions()}
    says = {f"{section}.{name}": text for section, name, text in after.definitions()}
    for name in dict.fromkeys([*said, *says]):
        yield from _compared("definition", name, said.get(name, ABSENT), says.get(name, ABSENT))


def _rules(before: PackDocument, after: PackDocument) -> Iterator[PackDifference]:
    said = {str(rule["id"]): (section, rule) for section, rule in before.rules()}
    says = {str(rule["id"]): (section, rule) for section, rule in after.rules()}
    for rule_id, (_, rule) in said.items():
        if rule_id not in says:
            yield _of_rule("rule_removed", rule_id, in_words(rule), "", rule)
    for rule_id, (_, rule) in says.items():
        if rule_id not in said:
            yield _of_rule("rule_added", rule_id, "", in_words(rule), rule)
        else:
            yield from _one_rule(rule_id, said[rule_id], says[rule_id])
    kept = [rule_id for rule_id in said if rule_id in says]
    if kept != [rule_id for rule_id in says if rule_id in said]:
        yield PackDifference("order", "rules", ", ".join(said), ", ".join(says))


def _one_rule(
    rule_id: str, said: tuple[str, Document], says: tuple[str, Document]
) -> Iterator[PackDifference]:
    (old_section, old), (new_section, new) = said, says
    yield from _compared("section", rule_id, old_section, new_section, new)
    yield from _compared("switch", rule_id, enabled(old), enabled(new), new)
    for path, was, is_now in differences(_without_switch(old), _without_switch(new)):
        yield _of_rule("rule", f"{rule_id}.{path}", in_words(was), in_words(is_now), new)


def enabled(rule: Document) -> bool:
    return bool(rule.get("enabled", rule["status"] not in SHIPPED_OFF))


def _without_switch(rule: Document) -> object:
    return jsonable({key: value for key, value in rule.items() if key != "enabled"})


ABSENT = Presence.ABSENT


def _compared(
    kind: str, name: str, before: object, after: object, told: Document | None = None
) -> Iterator[PackDifference]:
    if canonical(jsonable(before)) != canonical(jsonable(after)):
        yield _of_rule(kind, name, in_words(before), in_words(after), told or {})


def _of_rule(kind: str, name: str, before: str, after: str, told: Document) -> PackDifference:
    zh, en = str(told.get("zh", "")), str(told.get("en", ""))
    return PackDifference(kind, name, before, after, zh, en)


def _part(document: PackDocument, name: str) -> Mapping[str, Document]:
    return cast("Mapping[str, Document]", document.head.get(name, {}))


def in_words(value: object) -> str:
    """`48`, `true`, `NFRA, CSRC`; anything larger as JSON."""
    said = jsonable(value)
    if said is Presence.ABSENT:
        return ""
    if isinstance(said, str):
        return said
    if isinstance(said, list) and all(isinstance(item, str) for item in said):
        return ", ".join(said)
    return canonical(said)
