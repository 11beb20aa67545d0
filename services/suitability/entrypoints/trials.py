"""Trials, and decisions that are explained again."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from chassis.errors import Fault, Invalid
from chassis.inputs import identifier
from chassis.json_lines import parsed
from chassis.moments import stamp
from chassis.scope import NOTHING, Scope
from liheng.suitability.v1 import suitability_pb2 as pb
from services.suitability.domain.decision import Consequences, Decision
from services.suitability.domain.derivation import Derived, Difference
from services.suitability.domain.institution import Institution
from services.suitability.domain.receipt import Presence, prove
from services.suitability.domain.ruling import MOST_REMEMBERED
from services.suitability.domain.unknown_names import unknown_fields
from services.suitability.entrypoints.findings import finding_bytes
from services.suitability.entrypoints.parts import part
from services.suitability.entrypoints.writing import (
    digests_of,
    finding_message,
    obligation_messages,
)
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


def trial_answer(command: TryDecision, decision: Decision) -> bytes:
    """A TryDecisionResponse as it is sent: rules and receipt, nearly all of it, are bytes."""
    proof = prove(decision)
    rest = pb.Trial(
        customer_id=command.customer_id,
        product_id=command.product_id,
        regime=decision.regime or "",
        customer_class=decision.customer_class or "",
        effective_level=decision.sale.effective_level or "",
        rule_pack=decision.pack.name,
        **digests_of(proof.digests),
        valid_until=stamp(decision.valid_until),
        warnings=map(_warning, unknown_fields(command.given)),
    )
    rules = [part(pb.Trial.RULES_FIELD_NUMBER, one) for one in finding_bytes(decision.findings)]
    receipt = part(pb.Trial.RECEIPT_JSON_FIELD_NUMBER, proof.content)
    trial = b"".join([rest.SerializeToString(), _owed(decision.consequences), *rules, receipt])
    return part(pb.TryDecisionResponse.TRIAL_FIELD_NUMBER, trial)


@lru_cache(MOST_REMEMBERED)
def _owed(consequences: Consequences) -> bytes:
    return pb.Trial(
        outcome=consequences.outcome,
        requires=consequences.requires,
        obligations=obligation_messages(consequences.obligations),
    ).SerializeToString()


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
