"""A decision as a document that can be derived again, and compared, years later."""

from collections.abc import Mapping
from enum import StrEnum

from services.suitability.domain.canonical import findings_text, given_text, said
from services.suitability.domain.decision import Decision
from services.suitability.domain.digest import canonical, canonical_object, digest_of
from services.suitability.domain.judge import Finding
from services.suitability.domain.sale import Sale

Document = dict[str, object]

# What a receipt says beside its rules and its input.
PLAIN = (
    "outcome",
    "regime",
    "customer_class",
    "effective_level",
    "requires",
    "obligations",
    "rule_pack",
    "zone",
    "valid_until",
)


class Presence(StrEnum):
    """What stands for a field that one of two documents does not have."""

    ABSENT = "absent"


def receipt(decision: Decision) -> Document:
    """What was asked, what was decided and why; the last digest covers all the others."""
    body: Document = {
        "outcome": decision.outcome.value,
        "regime": decision.regime,
        "customer_class": decision.customer_class,
        "effective_level": decision.sale.effective_level,
        "requires": list(decision.requires),
        "obligations": decision.obligations,
        "rules": [_finding(finding) for finding in decision.findings],
        "rule_pack": decision.pack.name,
        "zone": decision.zone.key,
        "valid_until": decision.valid_until.isoformat(),
        "input": decision.sale.document(),
    }
    return body | {"digests": _digests(decision, body)}


def _digests(decision: Decision, body: Document) -> Document:
    given = given_text(decision.sale)
    links: Document = {
        "facts": digest_of(given["customer"]),
        "product": digest_of(given["product"]),
        "request": digest_of(f"[{given['at']},{given['seller']},{given['request']}]"),
        "rule_pack": decision.pack.digest,
    }
    members = {name: canonical(body[name]) for name in PLAIN}
    members["input"] = canonical_object(given)
    members["rules"] = findings_text(decision.findings)
    links["decision"] = digest_of(f"[{canonical(links)},{canonical_object(members)}]")
    return links


def proof(document: Document) -> str:
    """The digest that covers everything in a receipt."""
    digests = document["digests"]
    assert isinstance(digests, Mapping)
    return str(digests["decision"])


def facts_digest(sale: Sale) -> str:
    """Of the client's facts alone: equal for equal facts, whatever is sold, and when."""
    return digest_of(given_text(sale)["customer"])


def _finding(finding: Finding) -> Document:
    document = dict(said(finding.ruling).document)
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
