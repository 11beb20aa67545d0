"""The cases that lie beside the rule pack, and how a case becomes a sale."""

import copy
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.suitability.adapters.packs import load_pack
from services.suitability.domain.decision import decide
from services.suitability.domain.receipt import receipt
from services.suitability.domain.sale import read_sale

PACK_FOLDER = Path("services/suitability/packs/2026-02")
ZONE = ZoneInfo("Asia/Shanghai")
PACK = load_pack(PACK_FOLDER)

Document = dict[str, Any]


@dataclass(frozen=True)
class Case:
    rule: str
    why: str
    base: str
    verdict: str
    set: Mapping[str, object] = field(default_factory=dict)
    switched_on: tuple[str, ...] = ()
    expect: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sale(self) -> Document:
        return sale_of(self.base, self.set)


def all_cases() -> list[Case]:
    return [
        Case(**case)
        for path in sorted((PACK_FOLDER / "cases").glob("*.toml"))
        if path.stem != "bases"
        for case in tomllib.loads(path.read_text())["case"]
    ]


def sale_of(base: str, changes: Mapping[str, object] | None = None) -> Document:
    bases = tomllib.loads((PACK_FOLDER / "cases" / "bases.toml").read_text())
    sale = merged(bases["person"], bases[base])
    for path, value in (changes or {}).items():
        put(sale, path.split("."), value)
    return sale


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


def decided(sale: Document, switched_on: tuple[str, ...] = ()) -> Document:
    return receipt(decide(read_sale(sale), PACK.switch_on(switched_on), ZONE))
