"""The canonical JSON of a sale and of findings, put together from parts that were encoded once.

It is what `digest.canonical` makes of `Sale.document` and of the rules of a receipt: a receipt
is digested on every decision, and most of it says the same as the one before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring

from services.suitability.domain.catalogue import KINDS
from services.suitability.domain.digest import canonical
from services.suitability.domain.judge import Finding
from services.suitability.domain.ruling import MOST_REMEMBERED, Ruling
from services.suitability.domain.sale import Sale

MEMBERS = {name: f'"{name}":' for name in KINDS}
NOTHING_SAID = {name: f'"{name}":null' for name in KINDS}


@dataclass(frozen=True)
class Said:
    """What a ruling puts into a receipt: the same each time but for the facts."""

    document: Mapping[str, object]
    before_facts: str
    facts: tuple[str, ...]  # in the order of canonical JSON
    after_facts: str


@lru_cache(MOST_REMEMBERED)
def said(ruling: Ruling) -> Said:
    rule = ruling.rule
    document: dict[str, object] = {
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
    before, after = canonical(document).split('"facts":{}')
    return Said(document, f'{before}"facts":{{', tuple(sorted(rule.reads)), f"}}{after}")


def findings_text(findings: Iterable[Finding]) -> str:
    """Of the list of rules in a receipt."""
    parts, facts, shown = [], NOTHING_SAID, None
    for finding in findings:
        if finding.shown is not shown:
            shown = finding.shown
            facts = {**NOTHING_SAID, **facts_text(shown)}
        what = said(finding.ruling)
        read = ",".join(map(facts.__getitem__, what.facts))
        parts.append(f"{what.before_facts}{read}{what.after_facts}")
    return f"[{','.join(parts)}]"


def facts_text(shown: Mapping[str, object]) -> dict[str, str]:
    """Of each known fact as a member of an object."""
    return {
        name: MEMBERS[name] + (encode_basestring(value) if type(value) is str else canonical(value))
        for name, value in shown.items()
        if value is not None
    }


def given_text(sale: Sale) -> dict[str, str]:
    """Of each member of the sale's document."""
    return {name: canonical(section) for name, section in sale.document().items()}
