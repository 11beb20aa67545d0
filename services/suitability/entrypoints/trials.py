"""Trials, and decisions that are explained again."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

from chassis.errors import Fault, Invalid
from chassis.inputs import identifier
from chassis.json_lines import parsed
from chassis.moments import stamp
from chassis.scope import NOTHING, Scope
from liheng.suitability.v1 import suitability_pb2 as pb
from services.suitability.domain.decision import Decision
from services.suitability.domain.derivation import Derived, Difference
from services.suitability.domain.institution import Institution
from services.suitability.domain.receipt import Presence, prove
from services.suitability.domain.unknown_names import unknown_fields
from services.suitability.entrypoints.findings import finding_bytes
from services.suitability.entrypoints.writing import finding_message, outcome
from services.suitability.usecases.try_decision import TryDecision

ESCAPED = "\\u"  # what is not escaped has come over the wire as whole characters


def trial(
    request: pb.TryDecisionRequest,
    scopes: Callable[[], Scope],
    at: datetime,
    institution: Institution,
) -> TryDecision:
    customer_id, product_id = request.customer_id, request.product_id
    return TryDecision(
        customer_id=customer_id and identifier(customer_id, "customer_id"),
        product_id=product_id and identifier(product_id, "product_id"),
        given=given(request.facts_json),
        scope=scopes() if customer_id else NOTHING,
        at=at,
        institution=institution,
    )


def given(text: str) -> object:
    try:
        document = parsed(text.encode()) if text else {}
        if ESCAPED in text:
            json.dumps(document, ensure_ascii=False).encode()
    except Invalid as error:
        raise unreadable(error.en, error.zh) from None
    except UnicodeEncodeError:
        raise unreadable("holds half a character", "含有不完整的字符") from None
    return document


def unreadable(en: str, zh: str) -> Invalid:
    return Invalid("broken_json", en, zh, field="facts_json")


def trial_message(command: TryDecision, decision: Decision) -> pb.Trial:
    proof = prove(decision)
    message = pb.Trial(
        customer_id=command.customer_id,
        product_id=command.product_id,
        **outcome(proof.plain, proof.digests),
        valid_until=stamp(decision.valid_until),
        warnings=map(_warning, unknown_fields(command.given)),
        receipt_json=proof.text,
    )
    for written in finding_bytes(decision.findings):
        message.rules.add().MergeFromString(written)
    return message


def _warning(fault: Fault) -> pb.Warning:
    return pb.Warning(field=fault.field, zh=fault.zh, en=fault.en)


def explained_again(decision_id: str, found: Derived) -> pb.ExplainDecisionResponse:
    derived = cast("Mapping[str, Any]", found.receipt)
    zh, en = found.sentence
    return pb.ExplainDecisionResponse(
        decision_id=decision_id,
        identical=not found.differences,
        zh=zh,
        en=en,
        differences=map(_difference, found.differences),
        outcome=derived["outcome"],
        rules=map(finding_message, derived["rules"]),
        rule_pack=derived["rule_pack"],
        digest=derived["digests"]["decision"],
    )


def _difference(one: Difference) -> pb.Difference:
    return pb.Difference(
        path=one.path, receipt_json=_json(one.receipt), derived_json=_json(one.derived)
    )


def _json(value: object) -> str:
    return "" if value is Presence.ABSENT else json.dumps(value, ensure_ascii=False)
