"""A change of a draft: parameters and switches set, rules added or replaced, or all of it anew."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from chassis.errors import Invalid
from services.suitability.domain.pack import Pack
from services.suitability.domain.pack_document import Document, PackDocument

Kept = dict[str, Any]


@dataclass(frozen=True)
class RuleTaken:
    """A rule and the section it belongs to; it replaces the one of its id."""

    section: str
    rule: Document


@dataclass(frozen=True, kw_only=True)
class PackEdit:
    """What is not named stays. A *document* comes first, the rest is set in it."""

    document: PackDocument | None = None
    edition: str = ""
    effective_from: date | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    switches: Mapping[str, bool] = field(default_factory=dict)
    rules: Sequence[RuleTaken] = ()
    removed: Sequence[str] = ()


def edited(document: PackDocument, edit: PackEdit) -> PackDocument:
    """Raise Invalid for what is not in the pack, UnreadablePack for what is not of its kind."""
    kept = cast("Kept", copy.deepcopy((edit.document or document).kept()))
    head = kept["head"]
    if edit.edition:
        head["version"] = edit.edition
    if edit.effective_from is not None:
        head["effective_from"] = edit.effective_from.isoformat()
    _set_parameters(head["parameters"], edit.parameters)
    for rule_id in edit.removed:
        section, place = found(kept, rule_id, "removed_rules")
        del section[place]
    for taken in edit.rules:
        _put(kept, taken)
    for rule_id, enabled in edit.switches.items():
        section, place = found(kept, rule_id, "switches")
        section[place]["enabled"] = enabled
    changed = PackDocument(head, kept["sections"])
    changed.refuse_shapeless()
    return PackDocument(**changed.kept())  # type: ignore[arg-type]


def switched_as(document: PackDocument, pack: Pack) -> PackDocument:
    """With the rules on that are switched on from outside; a pack of one's own says it itself."""
    return edited(document, PackEdit(switches=dict.fromkeys(sorted(pack.switched_on), True)))


def _set_parameters(parameters: Kept, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        if name not in parameters:
            raise Invalid(
                "unknown_parameter",
                f"the rule pack has no parameter {name}",
                f"规则包没有参数 {name}",
                field="parameters",
            )
        parameters[name] = value


def found(kept: Kept, rule_id: str, field: str) -> tuple[list[Kept], int]:
    """The rules of its section, and its place among them."""
    for section in kept["sections"].values():
        rules = section.get("rule", [])
        for place, rule in enumerate(rules):
            if rule.get("id") == rule_id:
                return rules, place
    raise Invalid(
        "unknown_rule",
        f"the rule pack has no rule {rule_id}",
        f"规则包没有规则 {rule_id}",
        field=field,
    )


def _put(kept: Kept, taken: RuleTaken) -> None:
    if taken.section not in kept["sections"]:
        known = ", ".join(kept["sections"])
        raise Invalid(
            "unknown_section",
            f"the rule pack has no section {taken.section}; there are: {known}",
            f"规则包没有章节 {taken.section}；现有：{known}",
            field="rules",
        )
    rules = kept["sections"][taken.section].setdefault("rule", [])
    same = [place for place, rule in enumerate(rules) if rule.get("id") == taken.rule.get("id")]
    if same:
        rules[same[0]] = dict(taken.rule)
        return
    _take_out(kept, taken.rule.get("id"))
    rules.append(dict(taken.rule))


def _take_out(kept: Kept, rule_id: object) -> None:
    """From the section where it was before."""
    for section in kept["sections"].values():
        rules = section.get("rule", [])
        rules[:] = [rule for rule in rules if rule.get("id") != rule_id]
