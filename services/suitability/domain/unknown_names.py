"""Names in an input that nothing reads: a fact under a misspelt name is as good as not given."""

from collections.abc import Mapping
from difflib import get_close_matches

from services.suitability.domain.catalogue import SECTIONS
from services.suitability.domain.sale import Problem

BESIDE = {"id", "at", "why", "expect"}  # what a line may say beside the facts
LONGEST_NAME = 60


def unknown_fields(document: object) -> list[Problem]:
    """Names nothing reads: perhaps misspelt. A fact under a wrong name is as good as not given."""
    if not isinstance(document, dict):
        return []
    problems = _unknown(document, "", BESIDE | {name for name in SECTIONS if name != "insurance"})
    for section, facts in SECTIONS.items():
        given = document.get(section)
        if section == "insurance":
            product = document.get("product")
            given = product.get("insurance") if isinstance(product, dict) else None
        if isinstance(given, dict):
            known = {fact.name.partition(".")[2] for fact in facts}
            known |= {"insurance"} if section == "product" else set()
            problems += _unknown(given, f"{section}.", known)
    return problems


def _unknown(given: Mapping[str, object], place: str, known: set[str]) -> list[Problem]:
    return [
        Problem(
            f"{place}{name[:LONGEST_NAME]}",
            f"is not a known name and was not read{_like(name, known, '; did you mean {}?')}",
            f"不是已知名称，未被读取{_like(name, known, '；是否为 {}？')}",
        )
        for name in given
        if name not in known
    ]


def _like(name: str, known: set[str], text: str) -> str:
    return "".join(text.format(one) for one in get_close_matches(name, sorted(known), 1))
