"""Names in an input that nothing reads: a fact under a misspelt name is as good as not given."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice

from chassis.errors import Fault
from services.suitability.domain.catalogue import SECTIONS

BESIDE = frozenset({"id", "at", "why", "expect"})  # what a line may say beside the facts
KNOWN = {
    section: frozenset(fact.key for fact in facts)
    | ({"insurance"} if section == "product" else set())
    for section, facts in SECTIONS.items()
}
ROOT = BESIDE | {section for section in SECTIONS if section != "insurance"}
LONGEST_NAME = 60
MOST = 20

Unread = tuple[str, str, frozenset[str]]  # its place, the name, the names known there


def unknown_fields(document: object) -> list[Fault]:
    """The first names that nothing reads, perhaps misspelt, and how many more there are."""
    if not isinstance(document, dict):
        return []
    unread = _unread(document)
    found = [_pointed_out(*one) for one in islice(unread, MOST)]
    more = sum(1 for _ in unread)
    return [*found, _and_more(more)] if more else found


def _unread(document: dict[str, object]) -> Iterator[Unread]:
    yield from _not_in(ROOT, document, "")
    for section, known in KNOWN.items():
        given = document.get(section)
        if section == "insurance":
            product = document.get("product")
            given = product.get("insurance") if isinstance(product, dict) else None
        if isinstance(given, dict):
            yield from _not_in(known, given, f"{section}.")


def _not_in(known: frozenset[str], given: Iterable[str], place: str) -> Iterator[Unread]:
    return ((place, name, known) for name in given if name not in known)


def _pointed_out(place: str, name: str, known: frozenset[str]) -> Fault:
    shown = name[:LONGEST_NAME]
    like = _like(shown, known)
    return Fault(
        f"{place}{shown}",
        "is not a known name and was not read" + (f"; did you mean {like}?" if like else ""),
        "不是已知名称，未被读取" + (f"；是否为 {like}？" if like else ""),
    )


@lru_cache(256)
def _like(name: str, known: frozenset[str]) -> str:
    return next(iter(get_close_matches(name, sorted(known), 1)), "")


def _and_more(count: int) -> Fault:
    return Fault("", f"{count} more names were not read", f"另有 {count} 个名称未被读取")
