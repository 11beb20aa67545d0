"""The cases that lie beside a rule pack: what each rule says of a sale, as data.

`cases/bases.toml` has whole sales; a case names one, sets what it is about, and says the verdict
of its rule. "absent" takes a fact away.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from chassis.errors import Invalid
from services.suitability.adapters.packs import read_toml

BASES, FOUNDATION = "bases", "person"

Document = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """*verdict* is ALLOW, REQUIRE, BLOCK, or none where the rule does not apply."""

    rule: str
    why: str
    base: str
    verdict: str
    sale: Document
    set: Mapping[str, object] = field(default_factory=dict)
    switched_on: tuple[str, ...] = ()
    expect: Mapping[str, Any] = field(default_factory=dict)


def cases_of(folder: Path) -> list[Case]:
    """Of the pack in *folder*, in the order of the files. Raise Invalid naming what is wrong."""
    bases = bases_of(folder)
    paths = sorted((folder / "cases").glob("*.toml"))
    return [
        _case(path, case, bases)
        for path in paths
        if path.stem != BASES
        for case in cast("list[Document]", read_toml(path, float).get("case", []))
    ]


def bases_of(folder: Path) -> Document:
    return read_toml(folder / "cases" / f"{BASES}.toml", float)


def sale_of(bases: Document, base: str, changes: Mapping[str, object]) -> Document:
    sale = merged(bases[FOUNDATION], bases[base])
    for path, value in changes.items():
        put(sale, path.split("."), value)
    return sale


def _case(path: Path, case: Document, bases: Document) -> Case:
    try:
        sale = sale_of(bases, case["base"], case.get("set", {}))
        switched_on = tuple(case.get("switched_on", ()))
        return Case(**{**case, "sale": sale, "switched_on": switched_on})
    except (KeyError, TypeError, AttributeError) as error:
        why = str(case.get("why", "")) if isinstance(case, dict) else ""
        raise Invalid(
            "unreadable_case",
            f"{path}: the case {why!r} cannot be read: {error}",
            f"{path}：用例 {why!r} 无法读取：{error}",
            field="case",
        ) from None


def merged(under: Document, over: Document) -> Document:
    result = copy.deepcopy(under)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both else copy.deepcopy(value)
    return result


def put(document: Document, path: list[str], value: object) -> None:
    """Set the value at the path; "absent" removes it."""
    *parents, last = path
    for parent in parents:
        document = document.setdefault(parent, {})
    if value == "absent":
        document.pop(last, None)
    else:
        document[last] = value
