"""A decision as a document that can be derived again, and compared, years later."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.suitability.domain.canonical import (
    Shape,
    consequences_content,
    encoded,
    findings_content,
    given_content,
    said,
    said_together,
)
from services.suitability.domain.decision import Decision
from services.suitability.domain.digest import digest_of
from services.suitability.domain.judge import Finding
from services.suitability.domain.sale import Sale

Document = dict[str, object]

# As a reader wants it: what, why, and what it rests on.
ORDER = (
    "outcome",
    "regime",
    "customer_class",
    "effective_level",
    "requires",
    "obligations",
    "rules",
    "rule_pack",
    "zone",
    "valid_until",
    "input",
    "digests",
)

GIVEN = Shape(["at", "seller", "customer", "product", "request"])
COVERED = Shape(name for name in ORDER if name != "digests")
WHOLE = Shape(ORDER)


class Presence(StrEnum):
    """What stands for a field that one of two documents does not have."""

    ABSENT = "absent"


@dataclass(frozen=True)
class Proof:
    """*content* is the whole receipt as canonical JSON in UTF-8; *digests* are the last in it."""

    plain: Document
    digests: Document
    content: bytes


def receipt(decision: Decision) -> Document:
    """What was asked, what was decided and why; the last digest covers all the others."""
    proven = prove(decision)
    said = {
        **proven.plain,
        "outcome": decision.outcome.value,
        "requires": list(decision.requires),
        "obligations": decision.obligations,
        "rules": [_finding(finding) for finding in decision.findings],
        "input": decision.sale.document(),
        "digests": proven.digests,
    }
    return {name: said[name] for name in ORDER}


def prove(decision: Decision) -> Proof:
    """The receipt as it is sent, without the work of a document that nobody reads."""
    plain = _plain(decision)
    given = given_content(decision.sale)
    digests: Document = {
        "facts": digest_of(given["customer"]),
        "product": digest_of(given["product"]),
        "request": digest_of(b"[%b,%b,%b]" % (given["at"], given["seller"], given["request"])),
        "rule_pack": decision.pack.digest,
    }
    members = {
        **{name: encoded(value) for name, value in plain.items()},
        **consequences_content(decision.consequences),
        "input": GIVEN.filled(given),
        "rules": findings_content(decision.findings, said_together(decision.rulings)),
    }
    digests["decision"] = digest_of(b"[%b,%b]" % (encoded(digests), COVERED.filled(members)))
    return Proof(plain, digests, WHOLE.filled({**members, "digests": encoded(digests)}))


def _plain(decision: Decision) -> Document:
    """What is no list and no object."""
    return {
        "regime": decision.regime,
        "customer_class": decision.customer_class,
        "effective_level": decision.sale.effective_level,
        "rule_pack": decision.pack.name,
        "zone": decision.zone.key,
        "valid_until": decision.valid_until.isoformat(),
    }


def proof(document: Document) -> str:
    """The digest that covers everything in a receipt."""
    digests = document["digests"]
    assert isinstance(digests, Mapping)
    return str(digests["decision"])


def facts_digest(sale: Sale) -> str:
    """Of the client's facts alone: equal for equal facts, whatever is sold, and when."""
    return digest_of(given_content(sale)["customer"])


def _finding(finding: Finding) -> Document:
    document = dict(said(finding.ruling))
    document["requires"] = list(finding.requires)
    document["obligations"] = [name for name, _ in finding.obligations]
    document["facts"] = finding.facts
    return document


def differences(said: object, derived: object, path: str = "") -> list[tuple[str, object, object]]:
    """Where two documents differ: the path, what the one says, what the other says."""
    if isinstance(said, Mapping) and isinstance(derived, Mapping):
        keys = dict.fromkeys([*derived, *said])
        return [
            difference
            for key in keys
            for difference in differences(
                said.get(key, Presence.ABSENT),
                derived.get(key, Presence.ABSENT),
                f"{path}.{key}" if path else str(key),
            )
        ]
    if isinstance(said, list) and isinstance(derived, list) and len(said) == len(derived):
        return [
            difference
            for index, pair in enumerate(zip(said, derived, strict=True))
            for difference in differences(*pair, f"{path}[{index}]")
        ]
    same = type(said) is type(derived) and said == derived  # true is not 1 here
    return [] if same else [(path, said, derived)]
