"""The canonical JSON of a sale and of findings, in UTF-8, from parts that were encoded once.

It is what `digest.canonical` makes of `Sale.document` and of the rules of a receipt: a receipt
is digested on every decision, and most of it says the same as the one before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from services.suitability.domain.catalogue import SECTIONS
from services.suitability.domain.decision import Consequences
from services.suitability.domain.digest import canonical
from services.suitability.domain.judge import Finding
from services.suitability.domain.ruling import MOST_REMEMBERED, Ruling
from services.suitability.domain.sale import SECTION_AND_KEY, Sale

Document = Mapping[str, object]


class Shape:
    """An object with always the same members."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)
        self._written = b"{%b}" % b",".join(b'"%b":%%b' % name.encode() for name in self._names)

    def filled(self, members: Mapping[str, bytes]) -> bytes:
        """*members* are canonical."""
        return self._written % tuple([members[name] for name in self._names])


@dataclass(frozen=True)
class Said:
    """What rulings put into a receipt: the same each time, with a place for each fact."""

    written: bytes
    facts: tuple[tuple[str, ...], ...]  # of each rule, in the order of canonical JSON


@lru_cache(MOST_REMEMBERED)
def said_together(rulings: tuple[Ruling, ...]) -> Said:
    return Said(
        written=b"[%b]" % b",".join(map(_with_places, rulings)),
        facts=tuple(tuple(sorted(ruling.rule.reads)) for ruling in rulings),
    )


def _with_places(ruling: Ruling) -> bytes:
    around = encoded(said(ruling)).replace(b"%", b"%%").split(b'"facts":{}')
    places = b",".join(b'"%b":%%b' % name.encode() for name in sorted(ruling.rule.reads))
    return (b'"facts":{%b}' % places).join(around)


@lru_cache(MOST_REMEMBERED)
def said(ruling: Ruling) -> Document:
    """All but the facts."""
    rule = ruling.rule
    return {
        "id": rule.id,
        "regulation": rule.regulation.zh,
        "article": rule.article,
        "status": str(rule.status),
        "verdict": str(ruling.verdict),
        "requires": list(ruling.requires),
        "obligations": [name for name, _ in ruling.obligations],
        "facts": {},
        "zh": ruling.zh,
        "en": ruling.en,
    }


@lru_cache(MOST_REMEMBERED)
def consequences_content(of: Consequences) -> Mapping[str, bytes]:
    """Of the members of a receipt that they are."""
    return {
        "outcome": encoded(of.outcome.value),
        "requires": encoded(list(of.requires)),
        "obligations": encoded(of.obligations),
    }


class Encoded(dict[str, bytes]):
    """Each fact, encoded when it is first asked for."""

    def __init__(self, shown: Mapping[str, object]) -> None:
        super().__init__()
        self.shown = shown

    def __missing__(self, name: str) -> bytes:
        self[name] = encoded(self.shown[name])
        return self[name]


def encoded(value: object) -> bytes:
    return _text(value) if type(value) is str else canonical(value).encode()


@lru_cache(MOST_REMEMBERED)
def _text(value: str) -> bytes:
    return canonical(value).encode()


def findings_content(findings: Iterable[Finding], together: Said) -> bytes:
    """Of the list of rules in a receipt; *together* are the rulings of the same findings."""
    read: list[bytes] = []
    facts = Encoded({})
    for finding, names in zip(findings, together.facts, strict=True):
        if finding.shown is not facts.shown:
            facts = Encoded(finding.shown)
        read += [facts[name] for name in names]
    return together.written % tuple(read)


@dataclass(frozen=True)
class Place:
    """An object of a sale, with a place for each of the facts that are given."""

    written: bytes
    names: tuple[str, ...]


def given_content(sale: Sale) -> dict[str, bytes]:
    """Of each member of the sale's document."""
    facts = sale.written
    content = {"at": encoded(sale.written_at)}
    for section, place in _places(tuple(facts)).items():
        content[section] = place.written % tuple([encoded(facts[name]) for name in place.names])
    return content


@lru_cache(MOST_REMEMBERED)
def _places(given: tuple[str, ...]) -> Mapping[str, Place]:
    sections: dict[str, dict[str, Place]] = {name: {} for name in SECTIONS}
    for name in given:
        section, key = SECTION_AND_KEY[name]
        sections[section][key] = Place(b"%b", (name,))
    insurance = sections.pop("insurance")
    if insurance:
        sections["product"]["insurance"] = _object(insurance)
    return {section: _object(members) for section, members in sections.items()}


def _object(members: Mapping[str, Place]) -> Place:
    keys = sorted(members)
    written = b",".join(b'"%b":%b' % (key.encode(), members[key].written) for key in keys)
    return Place(b"{%b}" % written, tuple(name for key in keys for name in members[key].names))
