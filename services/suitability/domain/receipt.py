"""A decision as a document that can be derived again, and compared, years later."""

from collections.abc import Mapping
from enum import StrEnum

from services.suitability.domain.decision import Decision
from services.suitability.domain.digest import digest
from services.suitability.domain.judge import Finding
from services.suitability.domain.sale import Sale

Document = dict[str, object]


class Presence(StrEnum):
    """What stands for a field that one of two documents does not have."""

    ABSENT = "absent"


def receipt(decision: Decision) -> Document:
    """What was asked, what was decided and why; the last digest covers all the others."""
    given = decision.sale.document()
    body: Document = {
        "outcome": str(decision.outcome),
        "regime": decision.regime,
        "customer_class": decision.customer_class,
        "effective_level": decision.sale.effective_level,
        "requires": list(decision.requires),
        "obligations": decision.obligations,
        "rules": [_finding(finding) for finding in decision.findings],
        "rule_pack": decision.pack.name,
        "zone": decision.zone.key,
        "valid_until": decision.valid_until.isoformat(),
        "input": given,
    }
    return body | {"digests": _digests(decision, given, body)}


def _digests(decision: Decision, given: Mapping[str, object], body: Document) -> Document:
    links: Document = {
        "facts": facts_digest(decision.sale),
        "product": digest(given["product"]),
        "request": digest([given["at"], given["seller"], given["request"]]),
        "rule_pack": decision.pack.digest,
    }
    return links | {"decision": digest([links, body])}


def proof(document: Document) -> str:
    """The digest that covers everything in a receipt."""
    digests = document["digests"]
    assert isinstance(digests, Mapping)
    return str(digests["decision"])


def facts_digest(sale: Sale) -> str:
    """Of the client's facts alone: equal for equal facts, whatever is sold, and when."""
    return digest(sale.document()["customer"])


def _finding(finding: Finding) -> Document:
    rule = finding.rule
    return {
        "id": rule.id,
        "regulation": rule.regulation.zh,
        "article": rule.article,
        "status": str(rule.status),
        "verdict": str(finding.verdict),
        "requires": list(finding.requires),
        "obligations": [name for name, _ in finding.obligations],
        "facts": dict(finding.facts),
        "zh": finding.zh,
        "en": finding.en,
    }


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
