"""The shape of a pack's documents: which keys there are, and what may stand behind each."""

from collections.abc import Mapping
from typing import cast

from services.suitability.domain.pack import Status, Verdict
from services.suitability.domain.pack_parts import (
    MOST,
    OPTIONAL_RANGES,
    RANGES,
    RULE_ID,
    Check,
    conclusion,
    day,
    flag,
    key_check,
    listed,
    name_check,
    obligation,
    one_of,
    rule_id_check,
    sentence,
    value,
    version_check,
)
from services.suitability.domain.pack_problems import Problems

REGULATION: Mapping[str, Check] = {"zh": sentence, "en": sentence, "in_force_from": day}
MEANING: Mapping[str, Check] = {"zh": sentence, "en": sentence, "source": sentence}
RULE: Mapping[str, Check] = {
    "id": rule_id_check,
    "regulation": key_check,
    "article": sentence,
    "status": one_of(*Status),
    "scope": sentence,
    "zh": sentence,
    "en": sentence,
}
RULE_OPTIONS: Mapping[str, Check] = {
    "enabled": flag,
    "in_force_from": day,
    "concludes": conclusion,
    "assessment_holds_months": name_check,
    "clause": listed(lambda _: None),
}
CLAUSE_OPTIONS: Mapping[str, Check] = {
    "when": sentence,
    "verdict": one_of(*Verdict),
    "requires": listed(name_check),
    "obligation": obligation,
    "zh": sentence,
    "en": sentence,
}


class Shape:
    """Notes every part of the documents that is not as it must be."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def check(self, head: object, sections: Mapping[str, object]) -> None:
        needed = {
            "version": version_check,
            "effective_from": day,
            "sections": listed(name_check),
            "parameters": lambda _: None,
            "regulations": lambda _: None,
        }
        fields = self._fields("pack", head, needed, {"meanings": lambda _: None})
        if self._problems.found:
            return
        self._parameters(fields["parameters"])
        self._each("regulations", fields["regulations"], key_check, REGULATION)
        self._each("meanings", fields.get("meanings", {}), name_check, MEANING)
        for name in cast("list[str]", fields["sections"]):
            self._section(name, sections.get(name))

    def _parameters(self, given: object) -> None:
        for name, parameter in self._entries("parameters", given, name_check):
            with self._problems.at(f"parameters.{name}"):
                value(parameter)
        entries = given if isinstance(given, dict) else {}
        said = {name: span for name, span in OPTIONAL_RANGES.items() if name in entries}
        for name, (least, most) in {**RANGES, **said}.items():
            known = entries.get(name)
            if isinstance(known, bool) or not isinstance(known, int) or not least <= known <= most:
                self._problems.add(
                    f"parameters.{name}",
                    f"must be a whole number from {least} to {most}",
                    f"必须是 {least} 至 {most} 的整数",
                )

    def _section(self, name: str, given: object) -> None:
        options = {"definitions": lambda _: None, "rule": listed(lambda _: None)}
        fields = self._fields(name, given, {}, options)
        for key, text in self._entries(name, fields.get("definitions", {}), name_check):
            with self._problems.at(f"{name}.definitions.{key}"):
                sentence(text)
        rules = fields.get("rule", [])
        for index, rule in enumerate(rules if isinstance(rules, list) else []):
            self._rule(name, index, rule)

    def _rule(self, section: str, index: int, given: object) -> None:
        rule_id = given.get("id") if isinstance(given, dict) else None
        known = isinstance(rule_id, str) and RULE_ID.fullmatch(rule_id)
        where = f"{section}.{rule_id if known else f'rule[{index}]'}"
        fields = self._fields(where, given, RULE, RULE_OPTIONS)
        clauses = fields.get("clause", [])
        for number, clause in enumerate(clauses if isinstance(clauses, list) else []):
            place = f"{where}.clause[{number}]"
            said = self._fields(place, clause, {}, CLAUSE_OPTIONS)
            if ("zh" in said) != ("en" in said):
                self._problems.add(
                    place, "says its sentence in one language only", "只有一种语言的说明"
                )

    def _each(self, place: str, given: object, key: Check, needed: Mapping[str, Check]) -> None:
        for name, entry in self._entries(place, given, key):
            self._fields(f"{place}.{name}", entry, needed, {})

    def _entries(self, where: str, given: object, key: Check) -> list[tuple[str, object]]:
        if not isinstance(given, dict) or len(given) > MOST:
            self._problems.add(where, "must be an object", "必须是对象")
            return []
        for name in given:
            with self._problems.at(f"{where}.{str(name)[:40]}"):
                key(name)
        return [(name, entry) for name, entry in given.items() if isinstance(name, str)]

    def _fields(
        self,
        where: str,
        given: object,
        needed: Mapping[str, Check],
        options: Mapping[str, Check],
    ) -> Mapping[str, object]:
        if not isinstance(given, dict):
            self._problems.add(where, "must be an object", "必须是对象")
            return {}
        for name in sorted(needed.keys() - given.keys()):
            self._problems.add(f"{where}.{name}", "is missing", "缺少此项")
        for name, entry in given.items():
            check = needed.get(name) or options.get(name)
            if check is None:
                self._problems.add(f"{where}.{str(name)[:40]}", "is not known", "未知项")
                continue
            with self._problems.at(f"{where}.{name}"):
                check(entry)
        return given
