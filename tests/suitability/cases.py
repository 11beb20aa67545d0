"""The cases that lie beside the rule pack, and how a case is decided."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from services.suitability.adapters import cases
from services.suitability.adapters.cases import Case, Document
from services.suitability.adapters.packs import load_pack
from services.suitability.domain.decision import decide
from services.suitability.domain.receipt import receipt
from services.suitability.domain.sale import read_sale

__all__ = ["Case", "Document"]

PACK_FOLDER = Path("services/suitability/packs/2026-02")
ZONE = ZoneInfo("Asia/Shanghai")
PACK = load_pack(PACK_FOLDER)
BASES = cases.bases_of(PACK_FOLDER)


def all_cases() -> list[Case]:
    return cases.cases_of(PACK_FOLDER)


def sale_of(base: str, changes: Mapping[str, object] | None = None) -> Document:
    return cases.sale_of(BASES, base, changes or {})


def decided(sale: Document, switched_on: tuple[str, ...] = ()) -> Document:
    return receipt(decide(read_sale(sale), PACK.switch_on(switched_on), ZONE))
